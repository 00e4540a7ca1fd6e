import type { EvidenceItem, Fact, Facts, Receipt } from '../../ports/connector.js';
import {
  ALREADY,
  FOREIGN_FACTS,
  failure,
  unsupported,
  type Action,
  type Answer,
  type Reading,
  type Target,
  type Undo,
} from './action.js';
import { err, ok } from '../../platform/result.js';
import { andThen, mapped } from './answers.js';
import { itemAction, type Listed } from './items.js';

/** An account at another identity provider that signs in to this one. */
export interface Link {
  /** Of the provider, as the system identifies it. */
  readonly provider: string;
  /** As people know the provider, with the account there where the system tells it. */
  readonly title: string;
  readonly at: Date | null;
  /** Whether it is how the account proves itself anyway, the company's sign-in; `null`: that is not told. */
  readonly own: boolean | null;
  /** What makes the link again; `null`: the system does not show it. */
  readonly saved: Exclude<Fact, null> | null;
}

type Kind = 'unlink_identity_providers';

interface Links {
  /** The system's name. */
  readonly title: string;
  readonly list: (target: Target) => Answer<Listed<Link>>;
  readonly unlink: (link: Link, target: Target) => Answer<Receipt>;
  /** Makes a saved link again; `null`: these are no facts of this action. */
  readonly link: (provider: string, saved: Exclude<Fact, null>, target: Target) => Answer<Receipt> | null;
}

const titleOf = ({ title, own }: Link): string =>
  own === true ? `${title}, the account's own sign-in: it is left` : title;

/** One that is left says so: nobody shall believe that it goes with the others. */
export const linkItem = (link: Link): EvidenceItem => ({
  id: link.provider,
  title: `Sign-in through ${titleOf(link)}`,
  at: link.at,
});

/** Cutting it off would lock the person out for good: whoever wants that decides it there. */
function whyLeft({ title, own }: Link): string | null {
  if (own === false) return null;
  return own === true
    ? `${title} is the account's own sign-in, so the link is left; contain the account there, or unlink it by hand.`
    : `Whether ${title} is the account's own sign-in is not shown, so the link is left; look, and unlink it by hand.`;
}

/**
 * What "all" means: what is known not to be the account's own. While that is not told of one, nobody says that nothing is
 * left: it is named, for a person.
 */
function meantByAll({ items, complete }: Listed<Link>): Listed<Link> {
  const meant = items.filter(({ own }) => own === false);
  const unclear = items.filter(({ own }) => own === null).map(whyLeft);
  if (unclear.length === 0) return { items: meant, complete };
  return { items: meant, complete: false, because: failure('unsupported', unclear.join(' ')) };
}

/** What is not shown is not saved. */
const UNSAVED = '';

/**
 * Of all of them, either every link is saved or none: an undo that makes only some of them again would say that it has put
 * back what was there. Of chosen ones, those that were not saved are told.
 */
const savedOnly = (undo: Undo<Kind>, list: Links['list']): Undo<Kind> => ({
  capture(task) {
    if (task.command.items === 'all')
      return mapped(list(task), ({ items, complete }): Facts => {
        const meant = items.filter(({ own }) => own === false);
        const facts = meant.flatMap(({ provider, saved }) => (saved === null ? [] : [[provider, saved] as const]));
        return complete && facts.length === meant.length ? Object.fromEntries(facts) : {};
      });
    const isSaved = ([, fact]: readonly [string, Fact]): boolean => fact !== UNSAVED;
    return mapped(undo.capture(task), (facts) => Object.fromEntries(Object.entries(facts).filter(isSaved)));
  },
  restore(task, before) {
    const { items } = task.command;
    return andThen(undo.restore(task, before), (receipt) =>
      items === 'all' || items.every((id) => Object.hasOwn(before, id))
        ? ok(receipt)
        : unsupported('The system did not show what makes one of the links again; link it by hand.'),
    );
  },
});

/**
 * Unlinks chosen identity providers: whoever has the account there gets in without password and factor. The company's
 * own sign-in of the account is left; chosen by itself, it is a manual step.
 */
export const unlinkAction = <R extends Reading>(
  { title, list, unlink, link }: Links,
  rest: Pick<Action<Kind, R>, 'can' | 'residual'>,
): Action<Kind, R> => {
  const action = itemAction<Kind, R, Link>(
    {
      words: {
        nothingLeft: `${title} links the account to none of the chosen identity providers any more.`,
        unread: `${title} does not show all identity providers of the account in a form that can be read; look in its console.`,
      },
      list,
      all: {
        list: (on) => mapped(list(on), meantByAll),
        nothingLeft: `${title} links the account to no identity provider any more, other than its own sign-in.`,
      },
      id: ({ provider }) => provider,
      title: titleOf,
      addedAt: ({ at }) => at,
      change(one, on) {
        const why = whyLeft(one);
        return why === null ? unlink(one, on) : Promise.resolve(unsupported(why));
      },
      undo: {
        fact: ({ saved }) => saved ?? UNSAVED,
        putBack({ id, fact }, present, on) {
          if (present !== undefined) return Promise.resolve(ok(ALREADY));
          return (fact === null ? null : link(id, fact, on)) ?? Promise.resolve(err(FOREIGN_FACTS));
        },
      },
    },
    rest,
  );
  return action.undo === undefined ? action : { ...action, undo: savedOnly(action.undo, list) };
};
