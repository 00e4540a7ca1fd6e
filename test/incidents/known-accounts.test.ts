import { beforeEach, describe, expect, it } from '@jest/globals';
import { accountKeysOf, holdersOf } from '../../src/incidents/account-holders.js';
import { accountBefore, accountsBefore, rememberAccount } from '../../src/incidents/known-accounts.js';
import { saveAccount } from '../../src/incidents/accounts.js';
import { Scene } from '../scene.js';

const DAY_MS = 24 * 3_600_000;

let scene: Scene;
beforeEach(async () => {
  scene = await Scene.open();
});

const found = (accountId: string, login = accountId) => ({
  personId: scene.person.id,
  system: 'okta',
  accountId,
  login,
});
const remember = (accountId: string): Promise<void> => rememberAccount(scene.core, scene.core.db, found(accountId));
const before = (accountId: string) => accountBefore(scene.core, scene.core.db, found(accountId));

describe('the account that an address led to before', () => {
  it('is none for an account that was always the same, and none where nothing was known', async () => {
    expect(await before('one')).toBeNull();
    await remember('one');
    scene.runtime.move(DAY_MS);
    await remember('one');
    expect(await before('one')).toBeNull();
  });

  it('is the other one, with the last time it was seen', async () => {
    await remember('one');
    scene.runtime.move(DAY_MS);
    await remember('one');
    const until = scene.runtime.now();
    scene.runtime.move(DAY_MS);
    // Whether it was remembered already or is found right now.
    expect(await before('two')).toEqual({ system: 'okta', login: 'one', until });
    await remember('two');
    expect(await before('two')).toEqual({ system: 'okta', login: 'one', until });
    expect(await before('one')).toBeNull();
  });

  it('is news for thirty days', async () => {
    await remember('one');
    scene.runtime.move(DAY_MS);
    await remember('two');
    scene.runtime.move(30 * DAY_MS);
    expect(await before('two')).not.toBeNull();
    scene.runtime.move(1);
    expect(await before('two')).toBeNull();
  });

  it('is told of what addresses find, not of what an approver named', async () => {
    await remember('one');
    scene.runtime.move(DAY_MS);
    const account = {
      personId: scene.person.id,
      system: 'okta',
      accountId: 'two',
      login: 'two',
      state: null,
      problem: null,
    };
    await saveAccount(scene.core, scene.core.db, account);
    expect(await accountsBefore(scene.core, scene.core.db, scene.person.id)).toMatchObject([{ login: 'one' }]);
    await scene.core.db.query(
      `insert into account_links (workspace_id, person_id, system, login, set_by, set_at, incident_id) values ($1, $2, 'okta', 'two', 'U', now(), $3)`,
      [scene.core.workspaceId, scene.person.id, scene.incident.id],
    );
    expect(await accountsBefore(scene.core, scene.core.db, scene.person.id)).toEqual([]);
  });
});

describe('whose an account is known to be', () => {
  const holders = async (accountId: string) =>
    (await holdersOf(scene.core, scene.core.db, [{ system: 'okta', accountId }])).map(({ name }) => name);
  const keys = async () => [...(await accountKeysOf(scene.core, scene.core.db, scene.person.id))];

  it('is told by what is found now, and by what was remembered', async () => {
    await scene.core.db.query('delete from accounts');
    expect(await holders('one')).toEqual([]);
    await remember('one');
    expect(await holders('one')).toEqual([scene.person.name]);
    expect(await keys()).toEqual(['okta/one']);
    await scene.link({ system: 'okta', accountId: 'two', login: 'two' });
    expect(await holders('two')).toEqual([scene.person.name]);
    expect((await keys()).toSorted()).toEqual(['okta/one', 'okta/two']);
    expect(await holdersOf(scene.core, scene.core.db, [{ system: 'entra_id', accountId: 'two' }])).toEqual([]);
  });

  it('is not told by what an approver named by hand', async () => {
    await scene.core.db.query('delete from accounts');
    await scene.link({ system: 'okta', accountId: 'two', login: 'two' });
    await scene.core.db.query(
      `insert into account_links (workspace_id, person_id, system, login, set_by, set_at, incident_id) values ($1, $2, 'okta', 'two', 'U', now(), $3)`,
      [scene.core.workspaceId, scene.person.id, scene.incident.id],
    );
    expect(await holders('two')).toEqual([]);
    expect(await keys()).toEqual([]);
  });
});
