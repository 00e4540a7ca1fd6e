/** What a self-hold says: to the person, and to the security team. */
export const freezeTexts = {
  'status.hold':
    '*If you cannot wait:* you can freeze your accounts yourself. You are signed out, and where it is possible nobody gets in again, not even you, until the security team lifts it. Nothing is deleted.',
  'status.held.running': ':snowflake: Your accounts are being frozen. The security team has been told.',
  'status.held.done':
    ':snowflake: You have frozen your accounts. The security team has been told; they speak to you before they lift it.',
  'status.held.taken':
    ':snowflake: You have frozen your accounts: every system took it, and some do not show yet whether it holds. The security team has been told; they look, and speak to you before they lift it.',
  'status.held.partly':
    ':snowflake: You have frozen some of your accounts, not all of them. The security team has been told; they see what is missing and do it, and speak to you before they lift it.',
  'status.held.partly_lifted':
    ':snowflake: The security team has lifted the freeze in part: {lifted}. You are still frozen in {frozen}.',
  'status.held.lifted': 'The security team has lifted the freeze of your accounts: {lifted}.',
  'hold.frozen': '• *Frozen:* {systems}.',
  'hold.unshown': '• *Taken, but it does not show yet whether it holds:* {systems}.',
  'hold.signed_out': '• *Only signed out, not frozen:* {systems}. Whoever knows the password can sign in there again.',
  'hold.failed': '• *It was tried and did not work:* {systems}. Whoever is in there still is.',
  'hold.untouched':
    '• *Not frozen:* {systems}. This cannot be done from here: the security team has to do it, and until then whoever is in there still is.',
  'hold.untouched.before': '*{systems}* cannot be frozen from here: the security team has to do it.',
  'hold.signed_out.before': 'In *{systems}* you are only signed out: whoever knows the password can sign in again.',
  'button.hold': 'Freeze my accounts',
  'hold.confirm.title': 'Freeze your accounts?',
  'hold.confirm.text':
    'You will be signed out everywhere, perhaps here too, and may not get in again until somebody of the security team lifts it. They are told at once, and get in touch with you.',
  'hold.confirm.some':
    'You will be signed out, perhaps here too, and may not get in again until the security team lifts it.{left}',
  'hold.confirm.untouched': ' Not frozen from here: {systems}; the security team does that.',
  'hold.confirm.signed_out': ' Only signed out: {systems}.',
  'hold.confirm.ok': 'Freeze them',
  'hold.confirm.no': 'Not now',
  'problem.hold.not_yours':
    'You can freeze your own accounts only, after you have reported that something was not you.',
  'problem.hold.slack_silent':
    'Slack does not say at the moment who you are, so nothing was frozen. Please press again in a minute; the security team has your report already.',
  'problem.hold.often':
    'You have frozen your accounts twice within a week. The security team has your report; please call them if it cannot wait.',
  'problem.hold.nothing':
    'There is nothing that can be frozen from here at the moment. The security team has your report and does it.',
  'problem.hold.not_own_account': 'this account is not known to belong only to the person who wanted to freeze it',
  'timeline.held':
    ':snowflake: {who} froze their own accounts (*Self-hold*). Whoever holds their Slack can do that too, so speak to them on another channel before you lift it with *Undo*.',
  'timeline.held.some':
    ':snowflake: {who} froze their own accounts (*Self-hold*), *but not all of them*.{left}\nWhoever holds their Slack can do that too, so speak to them on another channel before you lift it with *Undo*.',
  'timeline.held.untouched':
    '\n:warning: *{systems}* was not frozen: Notme cannot, or may not, do it for the person. It is open until somebody of you locks it.',
  'timeline.held.signed_out':
    '\n:warning: *{systems}*: only the sessions are ended. Whoever has the password can sign in again.',
  'card.next.held':
    '{name} froze their own accounts, and nothing else was decided. *Lock down everything*, or talk to {name} on another channel and lift the freeze with *Undo*.',
  'card.next.held.open':
    '{name} froze their own accounts, and nothing else was decided. *Not frozen: {systems}*, so whoever is in there still is: lock that first.',
  'residual.untouched':
    '• was not frozen, and the freeze did nothing else there: whoever has the password can sign in.',
  'residual.signed_out': '• was not frozen, only signed out: whoever has the password can sign in again.',
} as const;
