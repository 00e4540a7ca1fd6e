import { beforeEach, describe, expect, it } from '@jest/globals';
import { identifiersOf, linksOf } from '../../src/incidents/links.js';
import { remainingIn } from '../../src/incidents/remaining.js';
import { incidentView, progressView } from '../../src/incidents/view.js';
import { ADA, found, Scene } from '../scene.js';

let scene: Scene;
const identifiers = new Map([[ADA.email, { aliases: ['ada.o'], logins: { okta: 'ada.admin' }, employeeId: '4' }]]);
beforeEach(async () => {
  scene = await Scene.open({ systems: { okta: { title: 'Okta' }, scim: {} }, policy: { identifiers } });
}, 120_000);

it('what is drawn holds the incident with all that belongs to it', async () => {
  await scene.decide('disable_account');
  const view = found(await incidentView(scene.core, scene.incident.id));
  expect(view).toMatchObject({ incident: { id: scene.incident.id }, person: { email: ADA.email }, onCall: [] });
  expect([view.accounts.length, view.steps.length, view.decisions.length]).toEqual([2, 2, 1]);
  expect([view.systemTitle('okta'), view.systemTitle('gone')]).toEqual(['Okta', 'gone']);
  const progress = found(progressView(view, found(view.decisions[0]).id));
  expect(progress.steps.map(({ position }) => position)).toEqual([0, 1]);
  expect(progressView(view, 'dec_nobody')).toBeNull();
  expect(await incidentView(scene.core, 'inc_nobody')).toBeNull();
});

it('what remains is told by where the steps stand', async () => {
  await scene.decide('disable_account');
  const { steps, tasks } = await remainingIn(scene.core, scene.core.db, scene.incident.id);
  expect([steps.running.length, steps.done.length, tasks]).toEqual([2, 0, []]);
});

describe('by what a person is sought in a system', () => {
  it.each([
    ['okta', undefined, { emails: ['ada.admin'], employeeId: null, unverifiedToo: true }],
    ['okta', 'ada.typed', { emails: ['ada.typed'], employeeId: null, unverifiedToo: true }],
    ['scim', undefined, { emails: [ADA.email, 'ada.o'], employeeId: '4' }],
    ['scim', '', null],
  ])('%s, %s: %j', (system, link, wanted) => {
    expect(identifiersOf(scene.core, scene.person, { system, link })).toEqual(wanted);
  });

  it('for somebody who is not in the configuration is the address', async () => {
    const stranger = { ...scene.person, email: 'eli@meadow.example' };
    expect(identifiersOf(scene.core, stranger, { system: 'okta', link: undefined })).toEqual({
      emails: ['eli@meadow.example'],
      employeeId: null,
    });
    expect((await linksOf(scene.core, scene.core.db, stranger.id)).size).toBe(0);
  });
});
