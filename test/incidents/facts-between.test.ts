import { expect, it } from '@jest/globals';
import { isBetween } from '../../src/incidents/facts.js';

it.each([
  ['as it was left', { a: 1, b: 1 }, true],
  ['as it was before', { a: 2, b: 2 }, true],
  ['one of two values', { a: 2, b: 1 }, true],
  ['a value of nobody', { a: 3, b: 1 }, false],
  ['a value that is gone', { a: 1 }, false],
])('halfway: %s', (_what, found, isSo) => {
  expect(isBetween({ a: 1, b: 1 }, { a: 2, b: 2 }, found)).toBe(isSo);
});

it.each([
  ['nothing yet', ['x'], true],
  ['one of two', ['x', 'y'], true],
  ['all', ['z', 'x', 'y'], true],
  ['without what was in both', ['y'], false],
  ['with another', ['x', 'mallory'], false],
])('a list on its way from [x] to [x, y, z]: %s', (_what, found, isSo) => {
  expect(isBetween({ groups: ['x'] }, { groups: ['x', 'y', 'z'] }, { groups: found })).toBe(isSo);
  expect(isBetween({}, { groups: ['y', 'z', 'x'] }, { groups: ['y'] })).toBe(true);
});
