import { posix } from 'node:path';
import { filesIn, read } from '../source.js';

/** A room of the table in docs/architecture.md. */
export interface Room {
  readonly path: string;
  readonly kind: string;
}

/** The rooms, from top to bottom. */
export function readRooms(): readonly Room[] {
  const table = read('docs/architecture.md').split('\n## Rooms\n')[1]?.split('\n## ')[0] ?? '';
  return [...table.matchAll(/^\| `([a-z/-]+)` \|.*\| ([a-z]+) \|$/gm)].map(([, path = '', kind = '']) => ({
    path,
    kind,
  }));
}

const IMPORT = /(?:from|import\() ?'(\.[^']+)'/g;

/** Which rooms each room imports from, types included: `from to`. */
export function importsAmong(rooms: readonly Room[]): ReadonlySet<string> {
  const roomOf = (file: string): string | undefined => rooms.find(({ path }) => file.startsWith(`${path}/`))?.path;
  const pairs = filesIn(['src', 'jobs', 'blocks'], '.ts').flatMap(({ path, text }) =>
    [...text.matchAll(IMPORT)].map(([, to = '']) => {
      const from = roomOf(path);
      const target = roomOf(posix.join(posix.dirname(path), to));
      return from === undefined || target === undefined || from === target ? '' : `${from} ${target}`;
    }),
  );
  return new Set(pairs.filter((pair) => pair !== ''));
}

const CELL = 24;
const NAMES = 172;
const TOP = 138;

const text = (x: number, y: number, said: string, more = ''): string => `<text x="${x}" y="${y}"${more}>${said}</text>`;

/**
 * The rooms against themselves: a row is a room, a mark in it stands under the room that it imports. All marks right of
 * the diagonal: nothing imports upwards.
 */
export function roomsPicture(rooms: readonly Room[], imports: ReadonlySet<string>): string {
  const side = rooms.length * CELL;
  const [width, height] = [NAMES + side + 90, TOP + side + 46];
  const middle = (index: number): number => index * CELL + CELL / 2;
  const rows = rooms.flatMap(({ path, kind }, row) => [
    `<rect class="${kind}" x="0" y="${TOP + row * CELL + 1}" width="${NAMES + side}" height="${CELL - 2}" rx="4"/>`,
    text(8, TOP + middle(row) + 5, path, ' class="name"'),
    text(NAMES + side + 8, TOP + middle(row) + 5, kind, ' class="kind"'),
    text(0, 0, path, ` class="name" transform="translate(${NAMES + middle(row) + 4} ${TOP - 8}) rotate(-60)"`),
    `<rect class="self" x="${NAMES + row * CELL + 7}" y="${TOP + row * CELL + 7}" width="10" height="10" rx="2"/>`,
  ]);
  const marks = rooms.flatMap(({ path: from }, row) =>
    rooms.flatMap(({ path: to }, column) =>
      imports.has(`${from} ${to}`)
        ? [
            `<circle class="${column > row ? 'down' : 'up'}" cx="${NAMES + middle(column)}" cy="${TOP + middle(row)}" r="5"/>`,
          ]
        : [],
    ),
  );
  const upwards = rooms.flatMap(({ path: from }, row) =>
    rooms.slice(0, row).filter(({ path: to }) => imports.has(`${from} ${to}`)),
  ).length;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="rooms-title rooms-desc">
  <title id="rooms-title">Which room imports which</title>
  <desc id="rooms-desc">A square table of the ${rooms.length} rooms, in the order of the list, from src/main at the top to src/platform at the bottom. A mark in a row stands under each room that it imports: ${imports.size} marks, ${upwards} of them towards a room that stands above.</desc>
  <style>
    text { font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #1d2433; }
    .kind, .said { font-size: 12px; fill: #4a5468; }
    .composition, .edge { fill: #eef4f0; } .drawing { fill: #f8f2e4; } .domain { fill: #eaf0fb; } .ports, .platform { fill: #f1f1f4; }
    .self { fill: #b9c3d6; } .down { fill: #3d5a94; } .up { fill: #b3261e; }
    @media (prefers-color-scheme: dark) {
      text { fill: #e8ecf5; } .kind, .said { fill: #b4bed2; }
      .composition, .edge { fill: #1a2722; } .drawing { fill: #2a2518; } .domain { fill: #1b2436; } .ports, .platform { fill: #23252b; }
      .self { fill: #46536c; } .down { fill: #9db4e6; } .up { fill: #f2857c; }
    }
  </style>
  ${[...rows, ...marks].join('\n  ')}
  ${text(NAMES, TOP + side + 24, `A mark: the room of the row imports that of the column. Left of the diagonal (upwards): ${upwards}.`, ' class="said"')}
</svg>
`;
}

export const PICTURE = 'docs/images/rooms.svg';

export const drawRooms = (): string => {
  const rooms = readRooms();
  return roomsPicture(rooms, importsAmong(rooms));
};
