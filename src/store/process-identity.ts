import { readFile, readlink } from 'node:fs/promises';
import os from 'node:os';
import { z } from 'zod';

/**
 * Which process of which machine: `startTicks` (Linux, field 22 of /proc/<pid>/stat) tells a process from a later one with
 * the same pid; `boot` and `pidNamespace` tell reboots and containers apart. The latter three are `null` where there is no /proc.
 */
export const processIdentity = z.object({
  pid: z.int().positive(),
  host: z.string(),
  startTicks: z.string().nullable(),
  boot: z.string().nullable(),
  pidNamespace: z.string().nullable(),
});
export type ProcessIdentity = z.infer<typeof processIdentity>;

export async function describeSelf(): Promise<ProcessIdentity> {
  return {
    pid: process.pid,
    host: os.hostname(),
    startTicks: await startTicks(process.pid),
    boot: await readFile('/proc/sys/kernel/random/boot_id', 'utf8').then(
      (text) => text.trim(),
      () => null,
    ),
    pidNamespace: await readlink('/proc/self/ns/pid').catch(() => null),
  };
}

/** Whether the other's pid means something here: not after a reboot, nor in another container with the same host name. */
export function isSameMachine(other: ProcessIdentity, self: ProcessIdentity): boolean {
  return other.host === self.host && other.boot === self.boot && other.pidNamespace === self.pidNamespace;
}

/** Whether the process still runs; only for one of the same machine. */
export async function ownerLives(owner: ProcessIdentity): Promise<boolean> {
  if (!pidExists(owner.pid)) return false;
  const now = await startTicks(owner.pid);
  return owner.startTicks === null || now === null || now === owner.startTicks;
}

function pidExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, under another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** `null` without /proc, or when there is no such process. */
async function startTicks(pid: number): Promise<string | null> {
  const text = await readFile(`/proc/${String(pid)}/stat`, 'utf8').catch(() => null);
  // The second field is the command in brackets and may itself contain spaces and brackets.
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ');
  return fields?.[19] ?? null;
}
