import { readFile } from 'node:fs/promises';

/** Linux counts processor time in ticks of 10 ms, whatever the machine. */
const TICK_MS = 10;

/** The processor time that a process has used so far, ms; `null` where the system does not tell it. */
export async function processorMs(pid: number): Promise<number | null> {
  try {
    const stat = await readFile(`/proc/${String(pid)}/stat`, 'utf8');
    // The name in brackets may hold anything: the fields are counted from behind it. User and system time are the 14th and 15th.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  } catch (error) {
    // Only Linux tells it there.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
