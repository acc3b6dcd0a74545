// What the server says beyond LSP: the request `deed/evidence` and the notification `deed/evidenceChanged`.
import { NotificationType0, RequestType, type Location } from 'vscode-languageclient';

/** Everything that history says of the open folders. */
export interface Evidence {
  roots: Root[];
}

/** One directory with a `deed.yaml`. */
export interface Root {
  uri: string;
  /** `none`: history is not known, `why` says the reason; `pending`: it is being read. */
  state: 'none' | 'pending' | 'ready';
  why?: string | null;
  head?: string | null;
  branch?: string | null;
  /** Id of the person whom Git's `user.email` names. */
  me?: string | null;
  decisions: Decision[];
  /** Decisions that `me` may make and nobody has made, or that are outdated. */
  waiting: Item[];
  /** Controls, risks and policies without an owner. */
  unowned: Item[];
}

export interface Decision {
  /** As in `risks.R-12.accepted`. */
  address: string;
  title: string;
  by?: string | null;
  /** YYYY-MM-DD, as claimed. */
  date?: string | null;
  level: string;
  /** What speaks against it, a sentence each. */
  problems: string[];
  outdated: boolean;
  commit?: string | null;
  /** YYYY-MM-DD, of the commit. */
  recorded?: string | null;
  location: Location;
}

export interface Item {
  address: string;
  title: string;
  why: string;
  location: Location;
}

export const evidenceRequest = new RequestType<Record<string, never>, Evidence, void>('deed/evidence');
export const evidenceChanged = new NotificationType0('deed/evidenceChanged');

/** The server's own command: look at history again. */
export const restartEvidence = 'deed.restart.evidence';
