import { verifyChains } from '../audit/verify.js';
import { configOrThrow, withDatabase } from './open.js';

/** `notme audit verify`: exit status 0 only when every chain is whole. */
export async function verifyAudit({ json }: { json: boolean }): Promise<void> {
  const result = await withDatabase(configOrThrow(), (database) => verifyChains(database));
  if (json) process.stdout.write(`${JSON.stringify(result)}\n`);
  else {
    for (const { incidentId, seq, problem } of result.problems)
      process.stdout.write(`${incidentId} entry ${seq}: ${problem}\n`);
    const verdict = result.ok ? 'The record is whole' : `The record has ${result.problems.length} problem(s)`;
    process.stdout.write(`${verdict}: ${result.entries} entries of ${result.incidents} incidents checked.\n`);
  }
  if (!result.ok) process.exitCode = 1;
}
