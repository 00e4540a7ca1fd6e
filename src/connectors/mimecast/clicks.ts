import { stepsIn } from '../kit/action.js';

export const inMimecast = stepsIn('Sign in to the Mimecast Administration Console');

/** The page of one user: Mimecast's own words for the way to it. */
export const userPage = (login: string): readonly string[] => [
  'Open Users & Groups | Internal Directories (in older consoles: Directories | Internal Directories)',
  `Click the domain ${login.split('@')[1] ?? ''}, then the user ${login}`,
];

export const revokeApplications = (login: string) =>
  inMimecast(
    'Revoke registered applications',
    'Open Users & Groups | Applications | Registered Applications',
    `Search for ${login}`,
    'Select every application of this person and choose Revoke',
  );
