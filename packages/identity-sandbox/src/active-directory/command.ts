import { execFile } from 'node:child_process';

const DEADLINE_MS = 60_000;
const TAIL = 2_000;

/** Runs a program to its end; throws with the end of its output when it fails or takes longer than a minute. */
export function run(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      program,
      [...args],
      { timeout: DEADLINE_MS, maxBuffer: 8_000_000 },
      (error, out, problems) => {
        if (error === null) {
          resolve(out);
          return;
        }
        const said = `${out}\n${problems}`.trim().slice(-TAIL);
        // The error's own message repeats the whole command line, and with it the passwords in it.
        reject(new Error(`${program} ended with ${String(error.code ?? error.signal)}: ${said}`));
      },
    );
    child.stdin?.end();
  });
}
