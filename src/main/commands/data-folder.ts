import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../../platform/system-error.js';

/** Whose data a folder contains: a real workspace's, or the sandbox's, which anybody may start over. */
export type FolderOwner = 'workspace' | 'sandbox';

const ownerFile = (dataDir: string): string => join(dataDir, 'belongs-to');

/**
 * `null`: nobody's yet. Folders older than the mark are recognised by their contents; in doubt they are a workspace's.
 */
export function ownerOf(dataDir: string): FolderOwner | null {
  const mark = existsSync(ownerFile(dataDir)) ? readFileSync(ownerFile(dataDir), 'utf8').trim() : null;
  if (mark !== null) return mark === 'sandbox' ? 'sandbox' : 'workspace';
  if (existsSync(join(dataDir, 'sandbox'))) return 'sandbox';
  return existsSync(join(dataDir, 'db')) || existsSync(join(dataDir, 'secret.key')) ? 'workspace' : null;
}

/**
 * Marks whose folder it is.
 * @throws a sentence that names the fix when it is the other's, or cannot be written
 */
export function claimFolder(dataDir: string, owner: FolderOwner): void {
  refuseOfOthers(dataDir, owner);
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    writeFileSync(ownerFile(dataDir), `${owner}\n`, { mode: 0o600 });
  } catch (error) {
    throw new Error(
      `The data folder ${dataDir} cannot be used: ${errorCode(error)}. Name one that this user may write: NOTME_DATA_DIR=…`,
      { cause: error },
    );
  }
}

/**
 * @throws a sentence that names the fix when the sandbox would use a real workspace's folder, or the other way round
 */
export function refuseOfOthers(dataDir: string, owner: FolderOwner): void {
  const present = ownerOf(dataDir);
  if (present === null || present === owner) return;
  throw new Error(
    owner === 'sandbox'
      ? `The data folder ${dataDir} belongs to a real workspace, and this would be the sandbox. Nothing was changed. ` +
          'Set the Slack tokens to start the workspace, or give the sandbox a folder of its own: NOTME_DATA_DIR=…'
      : `The data folder ${dataDir} holds the sandbox: its incidents would stand in the record of your workspace. Nothing was changed. ` +
          'Give the workspace a folder of its own: NOTME_DATA_DIR=… Or remove this one, if nobody plays there any more.',
  );
}
