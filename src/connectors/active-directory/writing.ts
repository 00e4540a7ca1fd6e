import { Attribute, Change } from 'ldapts';
import { err, ok, type Result } from '../../result.js';
import type { ConnectorFailure, Receipt } from '../port.js';
import { classify } from './failures.js';
import type { Session } from './session.js';

/** One modify; what fails is told with the right that it needs. */
export async function write(
  session: Session,
  dn: string,
  changes: readonly Change[],
  attempt: { readonly right: string; readonly protectedAccount: boolean },
): Promise<Result<Receipt, ConnectorFailure>> {
  try {
    await session.modify(dn, changes);
    return ok({ alreadyDone: false, requestId: null });
  } catch (error) {
    return err(classify(error, { ...attempt, writeSent: session.writeSent }));
  }
}

export function replace(type: string, value: string | Buffer): Change {
  return new Change({ operation: 'replace', modification: new Attribute({ type, values: valuesOf(value) }) });
}

function valuesOf(value: string | Buffer): string[] | Buffer[] {
  return typeof value === 'string' ? [value] : [value];
}
