import { ok } from '../../platform/result.js';
import type { Runtime } from '../../platform/runtime.js';
import type { Connector } from '../../ports/connector.js';
import { defineConnector } from '../kit/define.js';
import { SYSTEM } from './account.js';
import { actionsOf } from './actions.js';
import { createDirectory } from './directory.js';
import { createEventSource } from './events.js';
import { evidence } from './evidence.js';
import { examinationOf } from './examination.js';
import { findAccount } from './find.js';
import { read } from './reading.js';
import { aheadOf, readClock } from './root-dse.js';
import type { ActiveDirectorySettings } from './settings.js';

/**
 * Active Directory (Windows or Samba) over LDAPS behind the connector's port. An account's id is its objectGUID, so
 * renames and moves do not matter. Every operation has its own connection to the one configured controller.
 */
export function createActiveDirectoryConnector(settings: ActiveDirectorySettings, runtime: Runtime): Connector {
  const directory = createDirectory(settings, runtime);
  const ranges = settings.login_range_groups.map((prepared) => prepared.ranges);
  return defineConnector({
    system: SYSTEM,
    title: 'Active Directory',
    knownRangeSets: ranges.length === 0 ? null : ranges,
    // Each operation is a connection of its own with a TLS handshake; a controller serves thousands, this is courtesy.
    limits: { concurrency: 4, perMinute: null },
    find: (person, call) => directory.run(call, (session) => findAccount(directory, session, person)),
    read: ({ account, call }) => directory.run(call, (session) => read(directory, session, account)),
    // The time at which a password was set is by the controller's clock.
    vendorTime: (own, { aheadMs }) => new Date(own.getTime() - aheadMs),
    async ahead(call) {
      const clock = await directory.run(call, async (session) => ok(await readClock(session)));
      return clock.ok && clock.value !== null ? aheadOf(clock.value, runtime.now()) : null;
    },
    actions: actionsOf(directory),
    evidence: (target) => evidence(directory, target),
    examination: examinationOf(directory),
    events: createEventSource(directory),
  });
}
