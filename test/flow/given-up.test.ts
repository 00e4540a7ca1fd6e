import { expect, it } from '@jest/globals';
import { preserveEvidence } from '../../src/evidence/preserve-evidence.js';
import { accountsOf } from '../../src/incidents/accounts.js';
import { PEOPLE, startFlow } from './flow.js';

const { ada } = PEOPLE;

it('a look that is given up half way is not kept as the evidence: another run reads it', async () => {
  const flow = await startFlow();
  try {
    const { core } = flow.app;
    await flow.report(ada);
    const kept = async () => (await core.db.query<{ id: string; incident_id: string }>('select * from evidence')).rows;
    const [first] = await flow.player.until('the evidence', async () => {
      const rows = await kept();
      return rows.length > 0 ? rows : null;
    });
    const { rows: incidents } = await core.db.query<{ person_id: string }>('select person_id from incidents');
    const [account] = await accountsOf(core.db, core.workspaceId, incidents[0]?.person_id ?? '');
    if (!account || !first) throw new Error('no account was read');
    await core.db.query('delete from evidence');
    const ending = new AbortController();
    const keeping = (signal: AbortSignal) => ({
      call: { signal, correlationId: 'a test' },
      commit: core.db.transaction.bind(core.db),
    });
    const looking = preserveEvidence(core, first.incident_id, account, keeping(ending.signal));
    ending.abort(new Error('the process stops'));
    await expect(looking).rejects.toThrow('the process stops');
    expect(await kept()).toEqual([]);
    expect(await preserveEvidence(core, first.incident_id, account, keeping(new AbortController().signal))).toBe(true);
  } finally {
    await flow.close();
  }
}, 240_000);
