/** Slack's limits. Source: docs.slack.dev, reference of blocks, block elements and views. */
export const SLACK_LIMITS = {
  sectionText: 3000,
  headerText: 150,
  buttonText: 75,
  buttonValue: 2000,
  contextText: 3000,
  modalTitle: 24,
  privateMetadata: 3000,
  optionText: 75,
  /** Of one select. */
  options: 100,
  inputLabel: 2000,
  /** Source: docs.slack.dev, confirmation dialog object. */
  confirmText: 300,
  /** Found by experience, not documented: the blocks of a message together (bolt-js issues 2509 and 2867). */
  messageTotal: 13_200,
} as const;

/** Cuts a text to `max` characters, the last of which is then an ellipsis. */
export const clip = (text: string, max: number): string => (text.length <= max ? text : `${text.slice(0, max - 1)}…`);
