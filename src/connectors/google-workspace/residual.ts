import { lasting } from '../kit/action.js';

/** An hour: the life of an OAuth access token (Google, "Using OAuth 2.0 to access Google APIs"). */
export const ACCESS_TOKENS = lasting(
  'Access tokens that apps hold already: Google lets them run out, it gives no new ones',
  3600,
);
