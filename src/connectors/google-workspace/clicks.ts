import { stepsIn } from '../kit/action.js';

export const inConsole = stepsIn('Sign in to the Admin console (admin.google.com) as a super administrator');

export const openUser = (login: string): string => `Open Directory > Users, search for ${login} and click the name`;
