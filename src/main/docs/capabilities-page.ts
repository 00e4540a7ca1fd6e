import { en } from '../../texts/en.js';
import { ACTION_KINDS, type ActionKind, type Capability, type Connector } from '../../ports/connector.js';

const cell = (text: string): string => text.replaceAll('|', '\\|');
const nameOf = (action: ActionKind): string => en[`action.${action}`];

function within(seconds: number): string {
  if (seconds === 0) return '';
  const minutes = Math.ceil(seconds / 60);
  return minutes < 120 ? ` ≤ ${minutes} min` : ` ≤ ${Math.round(minutes / 60)} h`;
}

function sayCapability({ route, undo, effectiveWithinSeconds }: Capability): string {
  const back = undo === null ? '' : ' ↩';
  switch (route) {
    case 'native':
      return `yes${within(effectiveWithinSeconds)}${back}`;
    case 'group':
      return `group${within(effectiveWithinSeconds)}${back}`;
    case 'effect_of_reset':
      return 'by the reset';
    case 'console':
      return 'by hand';
    case 'none':
      return '–';
  }
}

function permissionRows({ title, capabilities }: Connector): string[] {
  const needed = new Map<string, string[]>();
  for (const action of ACTION_KINDS) {
    const { route, permissions } = capabilities[action];
    if (route !== 'native' && route !== 'group') continue;
    const key = permissions.map((one) => `\`${one}\``).join(', ');
    needed.set(key, [...(needed.get(key) ?? []), nameOf(action)]);
  }
  return [...needed].map(
    ([permissions, actions]) => `| ${title} | ${cell(actions.join(', '))} | ${cell(permissions)} |`,
  );
}

/** `docs/capabilities.md`: what every connector says about itself, with everything prepared that can be prepared. */
export function capabilitiesPage(systems: readonly Connector[]): string {
  const rows = ACTION_KINDS.map(
    (action) =>
      `| ${nameOf(action)} | ${systems.map(({ capabilities }) => sayCapability(capabilities[action])).join(' | ')} |`,
  );
  return `# What Notme can do in which system

Written by \`npx tsx src/main/docs/write-capabilities.ts\` from what the connectors say of themselves; a test holds the two
together. \`notme doctor\` says what of this would work in your own systems, and what is missing.

| action | ${systems.map(({ title }) => title).join(' | ')} |
| --- | ${systems.map(() => '---').join(' | ')} |
${rows.join('\n')}

- **yes**: calls of the system's API, read back afterwards.
- **group**: the account joins a group that an administrator prepared with a policy; without the group the thread gets manual
  steps instead. The READMEs of the connectors tell how to prepare it.
- **≤ 15 min**: how long the change may take to hold everywhere; until then the thread says *accepted*, with the time.
- **↩**: what was there before is kept, and the Undo button under the result puts it back.
- **by the reset**: the password reset does it; what is left is a manual step.
- **by hand**: the API cannot; the thread gets the exact manual steps, which a person ticks off.
- **–**: the system has no such thing.

## Least permissions

In the words of each vendor. What only reads (finding people, events, evidence) is listed in the connector's README.

| system | for | permissions |
| --- | --- | --- |
${systems.flatMap(permissionRows).join('\n')}
`;
}
