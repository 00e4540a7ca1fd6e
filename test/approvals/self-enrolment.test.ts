import { expect, it } from '@jest/globals';
import { hashPageToken, issuePageRequest, type PageRequest, pageRequestOf } from '../../src/approvals/page-requests.js';
import { enrolSelf } from '../../src/approvals/self-enrolment.js';
import { rolesOf } from '../roles.js';
import { BEA, CEM, ORIGIN, Scene } from '../scene.js';

const open = async (request: PageRequest) => {
  const scene = await Scene.open();
  const core = {
    ...scene.core,
    roles: rolesOf({
      approver: { users: [BEA.slackUserId], userGroups: [] },
      administrator: { users: [CEM.slackUserId], userGroups: [] },
    }),
  };
  const token = await issuePageRequest(core, core.db, BEA.slackUserId, request);
  const link = await pageRequestOf(core, core.db, hashPageToken(token.reveal()));
  if (link.state !== 'open') throw new Error('the link leads nowhere');
  return { core, link };
};

it('one link makes one enrolment, also when it is used many times at once', async () => {
  const { core, link } = await open({
    kind: 'enrol',
    label: BEA.email,
    email: BEA.email,
    approvedBy: CEM.slackUserId,
    told: 'enrolment_link',
  });
  const made = await Promise.all(
    [1, 2, 3, 4].map((n) => enrolSelf(core, link, { ...ORIGIN, correlationId: `cor_${n}` })),
  );
  expect(made.filter(({ ok }) => ok)).toHaveLength(1);
  const { rows } = await core.db.query(`select detail from record_entries where action = 'approver.enrolled'`);
  const detail = { user: BEA.slackUserId, again: false, approved_by: CEM.slackUserId, link: link.hash };
  expect(rows).toEqual([{ detail }]);
}, 120_000);

it('a link that was made for something else enrols nobody', async () => {
  const { core, link } = await open({ kind: 'register', label: BEA.email });
  expect(await enrolSelf(core, link, ORIGIN)).toMatchObject({ ok: false, error: { code: 'code_refused' } });
  expect((await core.db.query('select 1 from totp_enrolments')).rows).toEqual([]);
}, 120_000);
