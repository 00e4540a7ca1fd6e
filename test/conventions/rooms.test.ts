import { describe, expect, it } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { drawRooms, importsAmong, PICTURE, readRooms, roomsPicture } from './rooms/picture.js';
import { read } from './source.js';

const root = new URL('../../', import.meta.url);
const rooms = readRooms().map(({ path }) => path);

describe('the rooms', () => {
  it('stand in one list, each folder once, and nothing lies beside them', () => {
    const inside = readdirSync(new URL('src/', root)).map((name) => `src/${name}`);
    expect([...rooms].sort()).toEqual(['blocks', 'jobs', ...inside].sort());
  });

  it('are held in that order: each may import what stands below, and nothing above', () => {
    interface Rule {
      readonly name: string;
      readonly from: { readonly path?: string };
      readonly to: { readonly path?: string };
    }
    const { forbidden } = createRequire(import.meta.url)('../../.dependency-cruiser.cjs') as {
      readonly forbidden: readonly Rule[];
    };
    const refused = (from: string, to: string): boolean =>
      forbidden.some(
        (rule) =>
          rule.name.endsWith('-imports-what-stands-below') &&
          new RegExp(rule.from.path ?? '').test(from) &&
          new RegExp(rule.to.path ?? '').test(to),
      );
    rooms.forEach((room, place) => {
      rooms.forEach((other, where) => {
        expect([room, other, refused(`${room}/a.ts`, `${other}/b.ts`)]).toEqual([room, other, where < place]);
      });
    });
  });

  it('are drawn as they are (npm run rooms), and nothing in the picture leads upwards', () => {
    expect(read(PICTURE)).toBe(drawRooms());
    expect(drawRooms()).not.toContain('class="up"');
    const [top, below] = [
      { path: 'src/main', kind: 'composition' },
      { path: 'src/ports', kind: 'ports' },
    ];
    expect(roomsPicture([top, below], new Set(['src/ports src/main']))).toContain('class="up"');
    expect(importsAmong(readRooms())).toContain('src/approvals src/incidents');
  });
});
