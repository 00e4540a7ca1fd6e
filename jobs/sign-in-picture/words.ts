import type { Say } from '../../src/texts/say.js';
import type { Lane } from './lanes.js';
import { hasPlausibleTime, type SignIn, type SignInStory, type Span } from './sign-in.js';
import { plainLine } from './text.js';
import { sayInstant, sayZone } from './zone.js';

export const saySignIns = (say: Say, count: number): string =>
  count === 1 ? say('picture.sign_ins.one') : say('picture.sign_ins.many', { count });

/** `14 sign-ins from 3 places` */
export function sayPlaces(say: Say, signIns: number, places: number): string {
  const sign_ins = saySignIns(say, signIns);
  return places === 1
    ? say('picture.places.one', { sign_ins })
    : say('picture.places.many', { sign_ins, count: places });
}

export const laneName = (say: Say, { name }: Lane): string => name || say('picture.nowhere');

/** The value that all share, else how many different ones there are. */
function oneOrCount(values: readonly (string | null)[], many: (count: number) => string): string[] {
  const told = [...new Set(values.map((value) => plainLine(value ?? '')).filter((value) => value !== ''))];
  if (told.length === 0) return [];
  return [told.length === 1 ? (told[0] ?? '') : many(told.length)];
}

/** The line under a place: its address, system and device, or how many of them. */
export function laneDetail(say: Say, { name, signIns }: Lane): string {
  const addresses = oneOrCount(
    signIns.map(({ ip }) => ip),
    (count) => say('picture.addresses', { count }),
  );
  return [
    ...addresses.filter((address) => address !== name),
    ...oneOrCount(
      signIns.map(({ system }) => system),
      (count) => say('picture.systems', { count }),
    ),
    ...oneOrCount(
      signIns.map(({ device }) => device),
      (count) => say('picture.devices', { count }),
    ),
  ].join(' · ');
}

const clip = (text: string): string => (text.length > 50 ? `${text.slice(0, 49)}…` : text);

function sayUnusual(say: Say, lanes: readonly Lane[], odd: number): string {
  const named = lanes.filter((lane) => lane.odd > 0).map((lane) => clip(laneName(say, lane)));
  const first = named.slice(0, 3).join('; ');
  const places = named.length > 3 ? say('picture.alt.and_more', { places: first, count: named.length - 3 }) : first;
  return say('picture.alt.unusual', { count: odd, places });
}

/** The picture in words, for those who do not see it; `signIns` in order of time; under 600 characters (Slack takes 1000 for a file). */
export function altText(
  say: Say,
  {
    story,
    signIns,
    lanes,
    span,
  }: { story: SignInStory; signIns: readonly SignIn[]; lanes: readonly Lane[]; span: Span },
): string {
  const ends = [signIns.at(0), signIns.at(-1)].flatMap((end) => (end ? [end.at.getTime()] : []));
  const [from, to] = ends.map((time) => sayInstant(time, span.timeZone));
  const sign_ins = sayPlaces(say, signIns.length, lanes.length);
  const zone = sayZone(span);
  const odd = signIns.filter((signIn) => signIn.odd).length;
  const failed = signIns.filter(({ succeeded }) => succeeded === false).length;
  const facts = [
    from === to
      ? say('picture.alt.at', { sign_ins, from: from ?? '', zone })
      : say('picture.alt.between', { sign_ins, from: from ?? '', to: to ?? '', zone }),
    ...(odd > 0 ? [sayUnusual(say, lanes, odd)] : []),
    ...(failed > 0 ? [say('picture.failed', { count: failed })] : []),
  ];
  const reported = hasPlausibleTime(story.opened)
    ? ` ${say('picture.alt.reported', { when: sayInstant(story.opened.getTime(), span.timeZone) })}`
    : '';
  return `${facts.join('; ')}.${reported}`;
}
