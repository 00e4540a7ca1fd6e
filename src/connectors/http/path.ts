/**
 * One part of a path, whatever the text contains: `.` and `..` would navigate even when encoded, and nothing would name
 * the list above.
 */
export const segment = (text: string): string => (/^\.{0,2}$/.test(text) ? '_' : encodeURIComponent(text));
