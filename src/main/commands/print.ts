import { jsonLine, terminalLine, terminalLines, terminalText } from '../../platform/untrusted.js';

/** The answer of a command. Names of people, accounts and systems in it are text, whatever a terminal would obey. */
export const print = (lines: readonly string[]): void => void process.stdout.write(terminalLines(lines));

export const printJson = (value: unknown): void => void process.stdout.write(jsonLine(value));

/** Signed text: every byte as it was signed. Nothing of anybody else's is in it. */
export const printSigned = (text: string): void => void process.stdout.write(text);

/** Beside the answer: what is going on, and what is wrong. */
export const tell = (line: string): void => void process.stderr.write(`${terminalLine(line)}\n`);

/** The same, of several lines of our own. */
export const tellAll = (text: string): void => void process.stderr.write(`${terminalText(text)}\n`);
