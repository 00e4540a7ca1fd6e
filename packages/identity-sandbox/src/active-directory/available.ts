import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const DIRECTORIES = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/bin', '/usr/local/samba/sbin'];

/** Full path of a program, `null` when it is not installed. */
export function findProgram(name: string): string | null {
  const paths = DIRECTORIES.filter((directory) => directory !== '').map((directory) => join(directory, name));
  return paths.find((path) => readable(path, constants.X_OK)) ?? null;
}

/**
 * Whether a Samba domain controller can be started here: Linux (any 127.0.0.0/8 address is usable there), root (for
 * ports below 1024 and the files' security descriptors), the programs, and the provisioning data (a package of its own on Debian).
 */
export function sambaAvailable(): boolean {
  return (
    process.platform === 'linux' &&
    process.getuid?.() === 0 &&
    findProgram('samba') !== null &&
    findProgram('samba-tool') !== null &&
    readable('/usr/share/samba/setup', constants.R_OK)
  );
}

function readable(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}
