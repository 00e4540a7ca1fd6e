import { stepsIn } from '../kit/action.js';

export const inConsole = stepsIn('Sign in to the Okta Admin Console');
