import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type ButtonId, buttons, type ModalId, modals } from '../../blocks/interactions.js';

const reference = fc
  .tuple(fc.constantFrom('inc', 'stp', 'ntc'), fc.stringMatching(/^[0-9a-f]{32}$/))
  .map(([kind, hex]) => `${kind}_${hex}`);

describe('references in buttons and modals', () => {
  it('come back as they were sent', () => {
    fc.assert(
      fc.property(reference, (incident) => {
        expect(buttons.incident_take.decode(buttons.incident_take.encode({ incident }))).toEqual({ incident });
        const plan = { incident, action: 'lockdown' as const, seen: 3, plan: 'a'.repeat(64), code: true };
        expect(modals.decide.decode(modals.decide.encode(plan))).toEqual(plan);
      }),
    );
  });

  it('decode to null, and never throw, for anything else', () => {
    const all = [
      ...(Object.keys(buttons) as ButtonId[]).map((id) => buttons[id]),
      ...(Object.keys(modals) as ModalId[]).map((id) => modals[id]),
    ];
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.constant(null), fc.constant(undefined), fc.integer()), (raw) => {
        for (const interaction of all) {
          const decoded = interaction.decode(raw);
          if (decoded !== null) expect(interaction.encode(decoded as never)).toBeTruthy();
        }
      }),
    );
  });

  it('refuse another version, a foreign key and an id that is no reference', () => {
    const incident = `inc_${'a'.repeat(32)}`;
    expect(buttons.incident_take.decode(JSON.stringify({ v: 2, p: { incident } }))).toBeNull();
    expect(buttons.incident_take.decode(JSON.stringify({ v: 1, p: { incident, admin: true } }))).toBeNull();
    expect(buttons.incident_take.decode(JSON.stringify({ v: 1, p: { incident: "inc_' or 1=1" } }))).toBeNull();
    expect(buttons.incident_action.decode(JSON.stringify({ v: 1, p: { incident, action: 'drop_tables' } }))).toBeNull();
  });

  it('have an action id that no other is the beginning of', () => {
    const ids = Object.keys(buttons);
    for (const id of ids) expect(ids.filter((other) => other !== id && other.startsWith(`${id}.`))).toEqual([]);
  });
});
