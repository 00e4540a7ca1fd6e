import { stepsIn } from '../kit/action.js';

export const inEntra = stepsIn('Sign in to the Microsoft Entra admin center (entra.microsoft.com)');
export const inMicrosoft365 = stepsIn('Sign in to the Microsoft 365 admin center (admin.microsoft.com)');
export const inExchange = stepsIn('Sign in to the Exchange admin center (admin.exchange.microsoft.com)');
