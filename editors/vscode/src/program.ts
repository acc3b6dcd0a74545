// Finds the `deed` program: the one of the settings, else the one inside this extension, else the one on PATH.
import { execFile } from 'node:child_process';
import { access, chmod, constants } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';

export type Origin = 'settings' | 'extension' | 'PATH';

export interface Program {
  path: string;
  origin: Origin;
  version: string;
}

/** No usable program: the message says why and is shown to the user. */
export class Unusable extends Error {
  constructor(message: string, readonly origin: Origin) {
    super(message);
  }
}

/** The oldest version that speaks the protocol of this extension. */
export const OLDEST = '0.1.0';

/** Starting a program takes milliseconds; a virus scanner may take seconds. */
const PATIENCE = 15_000;

export interface Place {
  /** The setting `deed.server.path`; empty: none. */
  setting: string;
  /** The directory of the extension. */
  extension: string;
  /** The first open folder, for `${workspaceFolder}` in the setting. */
  folder?: string | undefined;
  env?: NodeJS.ProcessEnv;
  platform?: NodeJS.Platform;
}

/** The program to run, checked: it answers, is new enough and has a language server. Else throws `Unusable`. */
export async function findProgram(place: Place): Promise<Program> {
  const [path, origin] = await choose(place);
  if (origin === 'extension') await makeExecutable(path);
  const said = await run(path, ['--version']).catch((error: Error) => {
    throw new Unusable(`${path} cannot be run: ${error.message}`, origin);
  });
  const version = /^deed (\d+\.\d+\.\d+)/.exec(said)?.[1];
  if (!version) throw new Unusable(`${path} is not Deed: asked for its version it says “${said.trim().slice(0, 80)}”`, origin);
  if (older(version, OLDEST)) throw new Unusable(`${path} is Deed ${version}; this extension needs ${OLDEST} or newer`, origin);
  await run(path, ['lsp', '--help']).catch(() => {
    throw new Unusable(`${path} is too old: it has no language server (\`deed lsp\`)`, origin);
  });
  return { path, origin, version };
}

async function choose({ setting, extension, folder, env = process.env, platform = process.platform }: Place): Promise<[string, Origin]> {
  const name = platform === 'win32' ? 'deed.exe' : 'deed';
  if (setting.trim()) {
    const path = expand(setting.trim(), folder);
    if (isAbsolute(path)) return [path, 'settings'];
    throw new Unusable(`\`deed.server.path\` must be an absolute path, not ${setting}`, 'settings');
  }
  const bundled = join(extension, 'server', name);
  if (await exists(bundled)) return [bundled, 'extension'];
  for (const directory of (env['PATH'] ?? env['Path'] ?? '').split(delimiter)) {
    // A relative directory on PATH would let an opened folder choose the program.
    if (isAbsolute(directory) && await exists(join(directory, name))) return [join(directory, name), 'PATH'];
  }
  throw new Unusable('There is no `deed` program: none came with this extension, and none is on PATH', 'PATH');
}

function expand(setting: string, folder: string | undefined): string {
  const home = /^~(?=$|[\\/])/.test(setting) ? homedir() + setting.slice(1) : setting;
  return folder ? home.replaceAll('${workspaceFolder}', folder) : home;
}

/** Whether `a` comes before `b`, both as in 1.20.3. */
export function older(a: string, b: string): boolean {
  const [x, y] = [a, b].map((version) => version.split('.').map(Number));
  for (let i = 0; i < 3; i++) {
    const difference = (x?.[i] ?? 0) - (y?.[i] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(() => true, () => false);
}

/** A package made on Windows has lost the mode. */
async function makeExecutable(path: string): Promise<void> {
  await access(path, constants.X_OK).catch(() => chmod(path, 0o755).catch(() => undefined));
}

/** Runs the program to its end. Out: what it printed. Throws with what it complained of. */
export function run(path: string, args: string[], cwd?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(path, args, { cwd, timeout: PATIENCE, windowsHide: true }, (error, stdout, stderr) => {
      if (error) reject(new Error(stderr.trim() || error.message));
      else resolve(stdout);
    });
  });
}
