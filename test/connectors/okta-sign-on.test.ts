import { describe, expect, it } from '@jest/globals';
import {
  effectOf,
  type Policy,
  type Rule,
  UNREADABLE,
  type Wanted,
  type Who,
} from '../../src/connectors/okta/sign-on.js';

const NOBODY = { include: [], exclude: [] } as const;
const ALL = { groups: NOBODY, users: NOBODY };
const rule = (more: Partial<Rule> = {}): Rule => ({
  name: 'R',
  people: ALL,
  network: { connection: 'ANYWHERE', ...NOBODY },
  conditions: [],
  access: 'DENY',
  factor: false,
  ...more,
});
const forGroup = (...include: readonly string[]): Policy['people'] => ({ ...ALL, groups: { include, exclude: [] } });
const policy = (name: string, people: Policy['people'], ...rules: readonly Rule[]): Policy => ({
  name,
  people,
  last: false,
  rules,
});
const LAST: Policy = { ...policy('Default', forGroup('everyone'), rule({ access: 'ALLOW' })), last: true };

const ADA: Who = { userId: 'ada', groups: ['q', 'everyone'], complete: true };
const SOMEBODY: Who = { userId: null, groups: ['q'], complete: false };
const DENY: Wanted = { kind: 'deny' };
const FACTOR: Wanted = { kind: 'factor' };
const ONLY: Wanted = {
  kind: 'ranges',
  ranges: ['203.0.113.0/24'],
  zones: new Map([
    ['office', ['203.0.113.0/25']],
    ['wide', ['203.0.113.0/24', '198.51.100.0/24']],
    ['countries', null],
  ]),
};

const zone = (include: readonly string[], exclude: readonly string[]): Rule['network'] => ({
  connection: 'ZONE',
  include,
  exclude,
});
const asksFactor = rule({ access: 'ALLOW', factor: true });
const letsIn = rule({ access: 'ALLOW' });
const Q = forGroup('q');

describe('what the sign-on policies do with an account', () => {
  it.each<[string, Wanted, readonly Policy[], readonly ['acts' | 'idle' | 'unseen', string]]>([
    [
      'a policy for its group denies',
      DENY,
      [policy('P', Q, rule()), LAST],
      ['acts', 'the rule "R" of the active policy "P"'],
    ],
    ['there is none', DENY, [], ['idle', 'no active sign-on policy']],
    ['only the last policy is left', DENY, [LAST], ['idle', 'policy "Default" lets it in']],
    ['the policy is for another group', DENY, [policy('P', forGroup('z'), rule()), LAST], ['idle', '"Default"']],
    [
      'another policy of its groups comes first',
      DENY,
      [policy('First', forGroup('everyone'), letsIn), policy('P', Q, rule())],
      ['idle', '"First" lets it in'],
    ],
    [
      'a rule before it lets in',
      DENY,
      [policy('P', Q, rule({ name: 'Sometimes', access: 'ALLOW', conditions: ['riskScore'] }), rule())],
      ['idle', '"Sometimes"'],
    ],
    [
      'the rule leaves the account out',
      DENY,
      [policy('P', Q, rule({ people: { ...ALL, users: { include: [], exclude: ['ada'] } } })), LAST],
      ['idle', '"Default"'],
    ],
    [
      'the rule leaves a group of it out',
      DENY,
      [policy('P', Q, rule({ people: { ...ALL, groups: { include: [], exclude: ['everyone'] } } })), LAST],
      ['idle', '"Default"'],
    ],
    [
      'the rule is for somebody else',
      DENY,
      [policy('P', Q, rule({ people: { ...ALL, users: { include: ['bob'], exclude: [] } } })), LAST],
      ['idle', '"Default"'],
    ],
    [
      'the rule denies in some places only',
      DENY,
      [policy('P', Q, rule({ network: zone(['wide'], []) })), LAST],
      ['idle', '"Default"'],
    ],
    [
      'the rule denies at a risk only',
      DENY,
      [policy('P', Q, rule({ conditions: ['riskScore'] })), LAST],
      ['idle', '"Default"'],
    ],
    [
      'some other rule denies here, the next everywhere',
      DENY,
      [policy('P', Q, rule({ conditions: ['risk'] }), rule({ name: 'All' }))],
      ['acts', '"All"'],
    ],
    [
      'the rules cannot be read',
      DENY,
      [{ ...policy('P', Q), rules: null }, policy('Z', Q, rule())],
      ['unseen', 'rules of the policy "P" cannot be read'],
    ],
    [
      'whom it is for cannot be read',
      DENY,
      [policy('P', forGroup(UNREADABLE), letsIn), policy('Z', Q, rule())],
      ['unseen', '"P" comes first'],
    ],
    [
      'the access is new',
      DENY,
      [policy('P', Q, rule({ access: 'CHALLENGE' }), rule())],
      ['unseen', 'is not judged here'],
    ],
    ['a policy demands a factor', FACTOR, [policy('P', Q, asksFactor), LAST], ['acts', 'demands a second factor']],
    [
      'a policy denies, so no factor is needed',
      FACTOR,
      [policy('P', Q, rule()), LAST],
      ['acts', 'denies its sign-ins'],
    ],
    [
      'a policy demands it at a risk only',
      FACTOR,
      [policy('P', Q, rule({ ...asksFactor, conditions: ['risk'] })), LAST],
      ['idle', 'without a second factor'],
    ],
    ['a policy demands none', FACTOR, [policy('P', Q, letsIn)], ['idle', 'without a second factor']],
    [
      'how it verifies is new',
      FACTOR,
      [policy('P', Q, rule({ ...asksFactor, factor: null })), policy('Z', Q, asksFactor)],
      ['unseen', 'is not judged here'],
    ],
    [
      'everything outside the zone is denied',
      ONLY,
      [policy('P', Q, rule({ network: zone([], ['office']) })), LAST],
      ['acts', 'from elsewhere'],
    ],
    [
      'the zone holds other addresses too',
      ONLY,
      [policy('P', Q, rule({ network: zone([], ['wide']) })), LAST],
      ['idle', 'from elsewhere'],
    ],
    [
      'the zone is no list of addresses',
      ONLY,
      [policy('P', Q, rule({ network: zone([], ['countries']) })), LAST],
      ['idle', 'from elsewhere'],
    ],
    [
      'the zone may enter and the rest is denied',
      ONLY,
      [policy('P', Q, rule({ access: 'ALLOW', network: zone(['office'], []) }), rule())],
      ['acts', 'from elsewhere'],
    ],
    [
      'what may enter is not known',
      ONLY,
      [policy('P', Q, rule({ access: 'ALLOW', network: zone(['countries'], []) }), rule())],
      ['unseen', 'is not judged here'],
    ],
    ['everybody is denied', ONLY, [policy('P', Q, rule())], ['acts', 'from elsewhere']],
    ['anybody may enter', ONLY, [policy('P', Q, letsIn)], ['idle', 'from elsewhere']],
  ])('%s', (_title, wanted, policies, [is, words]) => {
    expect(effectOf(policies, ADA, wanted)).toEqual({ is, words: expect.stringContaining(words) });
  });

  it.each<[string, readonly Policy[], 'acts' | 'idle' | 'unseen']>([
    ['its policy comes first', [policy('P', Q, rule()), LAST], 'acts'],
    ['there is none for it', [policy('Other', forGroup('z'), rule()), LAST], 'unseen'],
    ['there is none but the last', [LAST], 'idle'],
    [
      'another that lets in may come first',
      [policy('Other', forGroup('z'), letsIn), policy('P', Q, rule()), LAST],
      'unseen',
    ],
  ])('is told of anybody in the group: %s', (_title, policies, is) => {
    expect(effectOf(policies, SOMEBODY, DENY).is).toBe(is);
  });

  it('is not claimed where not all groups of the account are known and the rule leaves some out', () => {
    const out = rule({ people: { ...ALL, groups: { include: [], exclude: ['z'] } } });
    const known = { ...ADA, complete: false };
    expect(effectOf([policy('P', Q, out), policy('Z', Q, rule())], known, DENY).is).toBe('unseen');
    expect(effectOf([policy('P', Q, out), policy('Z', Q, letsIn)], known, DENY).is).toBe('unseen');
    const before = rule({ ...out, access: 'ALLOW' });
    expect(effectOf([policy('P', Q, before), policy('Z', Q, rule())], known, DENY).is).toBe('unseen');
  });
});
