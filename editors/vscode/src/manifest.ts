// Which files are manifests: their names decide, as everywhere in Deed.

/** The glob of all manifests, for documents whatever their language is. */
export const MANIFESTS = '**/{deed,*.deed}.{yaml,yml,json}';

/** Whether the last part of a path names a manifest. */
export function isManifest(path: string): boolean {
  return /(^|[\\/])(deed|[^\\/]+\.deed)\.(yaml|yml|json)$/.test(path);
}
