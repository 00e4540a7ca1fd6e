import { err, ok } from '../../platform/result.js';
import type { Runtime } from '../../platform/runtime.js';
import type { Secret } from '../../platform/secret.js';
import type { CallContext } from '../../ports/connector.js';
import type { Answer, Target } from '../kit/action.js';
import { andThen, mapped } from '../kit/answers.js';
import { readAccount, type Account } from './account.js';
import { classify } from './failures.js';
import { readRootDse } from './root-dse.js';
import { type Session, withSession } from './session.js';
import type { ActiveDirectorySettings } from './settings.js';

/** The configured controller: sessions as the service account, failures as values. */
export interface Directory {
  readonly settings: ActiveDirectorySettings;
  readonly runtime: Runtime;
  /** Runs `work` on a fresh, bound connection under the deadline; LDAP errors come back classified. */
  run<T>(call: CallContext, work: (session: Session) => Answer<T>): Answer<T>;
  /** Binds as somebody else, under the same deadline; throws what ldapts throws. */
  bindAs(name: string, password: Secret, call: CallContext): Promise<void>;
  /** Where people are searched for. */
  baseDn(session: Session): Answer<string>;
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
      return mapped(readRootDse(session), ({ defaultNamingContext }) => (discovered = defaultNamingContext));
    },
  };
}

/** Reads the account, then works on it over the same connection. */
export const onAccount = <T>(
  directory: Directory,
  { account, call }: Target,
  work: (session: Session, account: Account) => Answer<T>,
): Answer<T> =>
  directory.run(call, (session) => andThen(readAccount(session, account), (found) => work(session, found)));
