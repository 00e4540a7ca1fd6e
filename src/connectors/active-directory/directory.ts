import { err, ok, type Result } from '../../result.js';
import type { Runtime } from '../../runtime.js';
import type { Secret } from '../../secret.js';
import type { CallContext, ConnectorFailure } from '../port.js';
import { classify } from './failures.js';
import { NO_ACTIVE_DIRECTORY, readRootDse } from './root-dse.js';
import { type Session, withSession } from './session.js';
import type { ActiveDirectorySettings } from './settings.js';

/** The configured controller: sessions as the service account, failures as values. */
export interface Directory {
  readonly settings: ActiveDirectorySettings;
  readonly runtime: Runtime;
  /** Runs `work` on a fresh, bound connection under the deadline; what LDAP throws comes back classified. */
  run<T>(
    call: CallContext,
    work: (session: Session) => Promise<Result<T, ConnectorFailure>>,
  ): Promise<Result<T, ConnectorFailure>>;
  /** Binds as somebody else, under the same deadline; throws what ldapts throws. */
  bindAs(name: string, password: Secret, call: CallContext): Promise<void>;
  /** Where people are looked for. */
  baseDn(session: Session): Promise<Result<string, ConnectorFailure>>;
}

export function createDirectory(settings: ActiveDirectorySettings, runtime: Runtime): Directory {
  const credentials = { name: settings.bind_dn, password: settings.bind_password };
  let discovered: string | null = null;
  const bounded = (call: CallContext): AbortSignal =>
    AbortSignal.any([call.signal, AbortSignal.timeout(settings.deadline_ms)]);
  return {
    settings,
    runtime,
    async run(call, work) {
      let writeSent = (): boolean => false;
      try {
        return await withSession(settings, credentials, bounded(call), (session) => {
          writeSent = () => session.writeSent;
          return work(session);
        });
      } catch (error) {
        return err(classify(error, { writeSent: writeSent() }));
      }
    },
    bindAs: (name, password, call) => withSession(settings, { name, password }, bounded(call), () => Promise.resolve()),
    async baseDn(session) {
      const known = settings.base_dn ?? discovered;
      if (known !== null) return ok(known);
      const rootDse = await readRootDse(session);
      if (rootDse === null) return err({ kind: 'unsupported', message: NO_ACTIVE_DIRECTORY });
      discovered = rootDse.defaultNamingContext;
      return ok(discovered);
    },
  };
}
