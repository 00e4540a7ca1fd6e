import { ok } from '../../platform/result.js';
import { failure, lasting, type Action, type Answer, type Target, type Task } from '../kit/action.js';
import { allOf, andThen, mapped } from '../kit/answers.js';
import { inTurn } from '../kit/in-turn.js';
import { everyItemAction, itemAction, type ItemKind, type Listed } from '../kit/items.js';
import type { Chosen, EvidenceItem, Receipt } from '../../ports/connector.js';
import { codeItem, codePath, codeTitle, isCodeId, readAccessCodes } from './access-codes.js';
import {
  factorItem,
  factorPath,
  isKnownAddress,
  isOfPrimaryAddress,
  isPhone,
  readFactors,
  titleOf,
  type Factor,
} from './factors.js';
import { scopes, SCOPE } from './scopes.js';
import type { Parts, Reading } from './state.js';
import { readUser, userPath } from './user.js';

/** A factor or a temporary access code: how it is shown, and where it is deleted. */
interface Method {
  readonly item: EvidenceItem;
  readonly title: string;
  readonly path: string;
  readonly phone: boolean;
  /** It comes back by itself. */
  readonly returns: boolean;
  /** It comes back by itself, to an address that nothing shows to be the person's. */
  readonly strange: boolean;
}

const RETURNS = 'the e-mail factor of the primary address, which Okta enrols again by itself';

async function factorsOnly({ api }: Parts, on: Target): Answer<Listed<Method>> {
  const [user, factors] = await Promise.all([readUser(api, on), readFactors(api, on)]);
  return mapped(factors, ({ items, complete }) => {
    const methodOf = (row: Factor): Method => {
      const returns = user.ok && isOfPrimaryAddress(row, user.value);
      return {
        item: factorItem(row),
        title: titleOf(row),
        path: factorPath(on, row),
        phone: isPhone(row),
        returns,
        strange: returns && !isKnownAddress(row.profile?.email ?? '', on.account),
      };
    };
    return { items: items.map(methodOf), complete };
  });
}

const codesOnly = ({ api }: Parts, on: Target): Answer<Listed<Method>> =>
  mapped(readAccessCodes(api, on), (codes) => ({
    ...codes,
    items: codes.items.map((row) => ({
      item: codeItem(row),
      title: codeTitle(row),
      path: codePath(on, row),
      phone: false,
      returns: false,
      strange: false,
    })),
  }));

function both(parts: Parts, on: Target): Answer<Listed<Method>> {
  return mapped(allOf([factorsOnly(parts, on), codesOnly(parts, on)]), ([factors, codes]) => ({
    ...codes,
    items: [...factors.items, ...codes.items],
    complete: factors.complete && codes.complete,
  }));
}

/** What the evidence shows; one that comes back says so. */
export const readSignInMethods = (parts: Parts, on: Target): Answer<Listed<EvidenceItem>> =>
  mapped(both(parts, on), ({ items, ...rest }) => ({
    ...rest,
    items: items.map(({ item, returns, strange }) => {
      const unknown = strange ? '; not an address that the account is known by' : '';
      const more = ` (primary address: Okta enrols it again by itself${unknown})`;
      return returns ? { ...item, title: `${item.title}${more}` } : item;
    }),
  }));

type Source = (on: Target) => Answer<Listed<Method>>;

const only =
  (source: Source, isMeant: (one: Method) => boolean): Source =>
  (on) =>
    mapped(source(on), (found) => ({ ...found, items: found.items.filter(isMeant) }));

/** Whatever could not be read is left to the read-back: what is there is removed all the same. */
const asFarAsRead =
  (source: Source): Source =>
  (on) =>
    mapped(source(on), ({ items }) => ({ items, complete: true }));

function methods({ api }: Parts, list: Source, staying: readonly Method[] = []): ItemKind<Method> {
  const other = staying.map(({ title }) => title).join(', ');
  return {
    words: {
      nothingLeft: 'Okta lists none of the chosen factors any more.',
      unread: 'Okta lists a factor that cannot be read; look at the account in its console.',
    },
    list,
    all: {
      list,
      nothingLeft: `Okta lists no factor and no temporary access code any more${other === '' ? '' : `, other than ${other}: ${RETURNS}`}.`,
    },
    id: ({ item }) => item.id,
    title: ({ title }) => title,
    change: ({ path }, { call }) => api.change({ method: 'DELETE', path, call }),
  };
}

const REST = {
  can: scopes(SCOPE.manageUsers),
  residual: [
    lasting('Factors that no policy of this person permits, unless all were removed: Okta does not list them'),
    lasting(`Where the org takes e-mail: ${RETURNS}; whoever reads that mailbox has it`),
    lasting('The right to enrol new factors at the next sign-in: hand the person a way in over another channel'),
  ],
};

/**
 * `lifecycle/reset_factors`: "All MFA factor enrollments return to the unenrolled state", also those that no policy lists.
 * It says nothing about recovery, so phones go one by one before it; temporary access codes after it.
 */
function resetAll(parts: Parts, on: Target): Answer<Receipt> {
  const { api } = parts;
  const each = (source: Source) =>
    everyItemAction<'remove_factors', Reading, Method>(methods(parts, asFarAsRead(source)), REST);
  const phones = each(
    only(
      (target) => factorsOnly(parts, target),
      ({ phone }) => phone,
    ),
  );
  const codes = each((target) => codesOnly(parts, target));
  const task: Task<'remove_factors'> = { ...on, command: { kind: 'remove_factors', items: 'all' } };
  const path = userPath(on.account.accountId, '/lifecycle/reset_factors');
  return inTurn([
    () => phones.perform(task),
    () => api.change({ method: 'POST', path, call: on.call }),
    () => codes.perform(task),
  ]);
}

/**
 * One that was chosen, removed and is there again is neither a failure nor a proof: it is told as what comes back. Where
 * all were meant, so is one of an address that may be somebody else's: it is no way in that is left to the person.
 */
function whyUnproven(items: readonly Method[], chosen: Chosen): string | null {
  if (chosen !== 'all')
    return items.some(({ item, returns }) => returns && chosen.includes(item.id))
      ? `Of what was chosen, only this is listed again: ${RETURNS}.`
      : null;
  const strange = items.filter((one) => one.strange).map(({ title }) => title);
  if (strange.length === 0) return null;
  return `Okta lists ${strange.join(', ')}: ${RETURNS}. The account is not known by that address: look whose it is, set the right one in the profile, and remove the factor.`;
}

function withReturned({ items, complete, ...rest }: Listed<Method>, chosen: Chosen): Listed<Method> {
  const why = whyUnproven(items, chosen);
  return {
    items: items.filter(({ returns }) => !returns),
    ...(why === null ? { ...rest, complete } : { because: failure('unsupported', why), complete: false }),
  };
}

export function removeFactors(parts: Parts): Action<'remove_factors', Reading> {
  const acting = (list: Source, staying: readonly Method[] = []) =>
    itemAction<'remove_factors', Reading, Method>(methods(parts, list, staying), REST);
  /** Where no code was chosen, one that cannot be read says nothing about the factors. */
  const sourceOf = (items: Chosen): Source =>
    items === 'all' || items.some(isCodeId) ? (on) => both(parts, on) : (on) => factorsOnly(parts, on);
  return {
    ...REST,
    perform(task) {
      const { items } = task.command;
      return items === 'all' ? resetAll(parts, task) : acting(sourceOf(items)).perform(task);
    },
    judge(task, found) {
      const { items } = task.command;
      return andThen(sourceOf(items)(task), async (listed) => {
        const left = withReturned(listed, items);
        const staying = listed.items.filter(({ returns }) => returns);
        const judged = await acting(() => Promise.resolve(ok(left)), staying).judge(task, found);
        return 'verdict' in judged ? ok(judged) : judged;
      });
    },
  };
}
