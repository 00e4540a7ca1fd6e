/** Why something that is kept is not shown: another version of Notme wrote it. */
export const UNREADABLE = 'what was kept of it cannot be read by this version';
