import { en } from '../../texts/en.js';
import { type Means, RUNBOOK } from '../../containment/runbook.js';

const SOURCES = [
  'MDO: Microsoft, "Responding to a compromised email account"',
  'REV: Microsoft Entra, "Revoke user access in an emergency"',
  'IDP: Microsoft Entra ID Protection, "Remediate risks and unblock users"',
  'GOO: Google Workspace, "Identify and secure compromised accounts"',
  'OKT: Okta, suspicious activity reporting and Identity Threat Protection',
  'MIM: Mimecast, advice for unexpected password reset notices',
  'NIS: NIST SP 800-61',
  'SCA: CISA AA23-320A (Scattered Spider)',
  'EXP: Expel, limits of automated remediation',
];

function sayMeans(means: Means): string {
  switch (means.kind) {
    case 'actions':
      return means.actions.map((action) => `*${en[`action.${action}`]}*`).join(', ');
    case 'automatic':
      return `by itself: ${means.how}`;
    case 'task':
      return `task: ${en[`task.${means.task}`]}`;
  }
}

const cell = (text: string): string => text.replaceAll('|', '\\|');

/** `docs/runbook.md`: every step of the runbook and how Notme carries it out. */
export function runbookPage(): string {
  const rows = RUNBOOK.map(
    ({ number, title, sources, means }) =>
      `| ${number} | ${cell(title)} | ${sources.join(', ')} | ${cell(means.map(sayMeans).join('; '))} |`,
  );
  return `# The runbook of a compromised account

Written by \`npx tsx src/main/docs/write-runbook.ts\` from \`src/containment/runbook.ts\`; a test holds the two together.
Actions are buttons on the incident's card, with preview, evidence, read-back and, where it is possible, undo. Tasks stand
in the thread with an owner: *Runbook* on the card opens them, and so does a lockdown. What a system's API cannot do becomes
a manual step with the exact clicks.

| # | step | sources | how |
| --- | --- | --- | --- |
${rows.join('\n')}

Sources:

${SOURCES.map((source) => `- ${source}`).join('\n')}
`;
}
