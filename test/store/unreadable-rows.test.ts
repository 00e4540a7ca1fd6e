import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openPosts } from '../../jobs/handlers/deliver-post.js';
import { examinationById } from '../../src/doctor/from-slack.js';
import { evidenceOf } from '../../src/evidence/evidence.js';
import { accountsOf } from '../../src/incidents/accounts.js';
import { openFacts } from '../../src/incidents/facts.js';
import { openIncident } from '../../src/incidents/open.js';
import { savePersonWithoutSlack } from '../../src/incidents/people.js';
import { stepsOf } from '../../src/incidents/steps.js';
import { notme } from '../../src/incidents/audit-event.js';
import { Secret } from '../../src/platform/secret.js';
import type { Core } from '../../src/ports/core.js';
import { UNREADABLE } from '../../src/texts/unreadable.js';
import { openCore, type OpenedCore, WORKSPACE } from '../core.js';

const NOW = new Date('2026-03-01T12:00:00.000Z');

describe('JSON that another version of the program wrote', () => {
  let opened: OpenedCore;
  let core: Core;
  let incident: string;
  let person: string;

  const account = (id: string, system: string, state: unknown) =>
    core.db.query(
      `insert into accounts (workspace_id, id, person_id, system, account_id, state, read_at)
       values ($1, $2, $3, $4, $2, $5, $6)`,
      [WORKSPACE, id, person, system, JSON.stringify(state), NOW],
    );

  beforeAll(async () => {
    opened = await openCore({});
    ({ core } = opened);
    ({ id: person } = await savePersonWithoutSlack(core, core.db, 'ada@meadow.example'));
    const ada = await savePersonWithoutSlack(core, core.db, 'ada@meadow.example');
    const origin = { surface: 'job', correlationId: 'test' } as const;
    const made = await core.db.transaction((tx) =>
      openIncident(core, tx, { person: ada, actor: notme('test'), origin }),
    );
    incident = made.incident.id;
    await account('acc_1', 'okta', { enabled: 'perhaps' });
    await account('acc_2', 'scim', {
      enabled: true,
      locked: null,
      mustChangePassword: null,
      passwordChangedAt: null,
      twoStepRequired: null,
      loginRanges: null,
      protectedBecause: null,
      readAt: NOW,
    });
  });

  afterAll(() => opened.close());

  it('costs an account its state until the next look, and the others nothing', async () => {
    const accounts = await accountsOf(core.db, WORKSPACE, person);
    expect(accounts.map(({ system, state, problem }) => [system, state?.enabled ?? null, problem])).toEqual([
      ['okta', null, UNREADABLE],
      ['scim', true, null],
    ]);
  });

  it('costs a step what it says there, and the others nothing', async () => {
    await core.db.query(
      `insert into decisions (workspace_id, id, incident_id, action, reason, decided_by, decided_at, request_key, correlation_id)
       values ($1, 'dec_1', $2, 'revoke_grants', 'test', 'U0BEA', $3, 'key', 'test')`,
      [WORKSPACE, incident, NOW],
    );
    const step = (id: string, json: { ranges: unknown; items: unknown; result: unknown }, position: number) =>
      core.db.query(
        `insert into steps (workspace_id, id, decision_id, incident_id, account_row, system, action, ranges, items, result,
           position, status, created_at)
         values ($1, $2, 'dec_1', $3, $2, 'okta', 'revoke_grants', $4, $5, $6, $7, 'accepted', $8)`,
        [
          WORKSPACE,
          id,
          incident,
          ...[json.ranges, json.items, json.result].map((one) => JSON.stringify(one)),
          position,
          NOW,
        ],
      );
    await step('stp_1', { ranges: 'any', items: 7, result: { effectiveBy: 7 } }, 1);
    await step('stp_2', { ranges: [], items: ['g1'], result: { effectiveBy: '2026-03-01T13:00:00.000Z' } }, 2);
    const steps = await stepsOf(core.db, WORKSPACE, incident);
    expect(steps.map(({ id, ranges, items, result }) => ({ id, ranges, items, result }))).toEqual([
      { id: 'stp_1', ranges: [], items: null, result: null },
      { id: 'stp_2', ranges: [], items: ['g1'], result: { effectiveBy: '2026-03-01T13:00:00.000Z' } },
    ]);
  });

  it('costs a snapshot the sections that it has not, and the others nothing', async () => {
    const keep = (account: string, sealed: unknown, summary: unknown) =>
      core.db.query(
        `insert into evidence (workspace_id, id, incident_id, account_row, sealed, summary, taken_at)
         values ($1, $2, $3, $2, $4, $5, $6)`,
        [
          WORKSPACE,
          account,
          incident,
          core.sealer.seal(new Secret(JSON.stringify(sealed)), `evidence/${WORKSPACE}/${incident}/${account}`),
          JSON.stringify(summary),
          NOW,
        ],
      );
    await keep('acc_1', { factors: { items: [], complete: true } }, { counts: { factors: 0, horoscopes: 3 } });
    await keep('acc_2', 'nothing', 'nothing');
    const [okta, scim] = await evidenceOf(core, core.db, incident);
    expect(okta?.evidence?.factors).toEqual({ items: [], complete: true });
    expect(okta?.evidence?.devices).toEqual({ unavailable: { kind: 'unreadable', message: UNREADABLE } });
    expect(okta?.summary.counts).toMatchObject({ factors: 0, devices: null });
    expect([scim?.system, scim?.evidence, scim?.summary.counts.factors]).toEqual(['scim', null, null]);
  });

  it('leaves one post out of an incident, and the others in it', async () => {
    await core.db.query(
      `insert into posts (workspace_id, id, incident_id, post_key, position, body, status, created_at)
       values ($1, 'post_1', $2, 'song', 99, '{"kind":"song"}', 'pending', $3)`,
      [WORKSPACE, incident, NOW],
    );
    expect((await openPosts(core, incident)).map(({ body }) => body.kind)).toEqual(['card']);
  });

  it('leaves one finding out of what the doctor said', async () => {
    const sound = { system: 'okta', title: 'Okta', account: null, findings: [] };
    await core.db.query(
      `insert into examinations (workspace_id, id, asked_by, asked_at, findings, finished_at)
       values ($1, 'exa_1', 'U0BEA', $2, $3, $2)`,
      [WORKSPACE, NOW, JSON.stringify([{ system: 'scim' }, sound])],
    );
    // An answer of before there was a list of missing rights has none.
    expect((await examinationById(core, 'exa_1'))?.answer).toEqual([{ ...sound, missing: null }]);
  });

  it('offers no undo from facts that are none', () => {
    const sealed = core.sealer.seal(new Secret('{"enabled":{"deep":true}}'), `facts/${WORKSPACE}/stp_1/before`);
    expect(openFacts(core, 'stp_1', 'before', sealed)).toBeNull();
  });
});
