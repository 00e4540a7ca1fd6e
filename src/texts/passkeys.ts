/** The passkey page, the window that leads to it, and what is told about passkeys. */
export const passkeysTexts = {
  'passkey.register.title': 'Register a passkey',
  'passkey.register.text':
    'For {label}. It is kept on this device, in your password manager or on a security key, wherever your browser offers.',
  'passkey.register.next': 'Afterwards you can confirm decisions with it in place of a one-time code.',
  'passkey.register.button': 'Register the passkey',
  'passkey.confirm.title': 'Confirm with your passkey',
  'passkey.confirm.text': 'You are about to do exactly this, and nothing else:',
  'passkey.confirm.button': 'Confirm with passkey',
  'passkey.row.whom': 'Whom',
  'passkey.row.incident': 'Incident',
  'passkey.row.account': 'Account',
  'passkey.row.action': 'Decision',
  'passkey.row.undo': 'Undo of',
  'passkey.row.done': 'What was done',
  'passkey.row.ranges': 'Addresses',
  'passkey.row.reason': 'Reason',
  'passkey.row.override': 'Why before the checklist is done',
  'passkey.row.break_glass': 'Break-glass: it runs at once, without a second approver, because',
  'passkey.row.two': 'Two approvers',
  'passkey.row.event': 'What happened',
  'passkey.row.when': 'When',
  'passkey.row.by': 'By',
  'passkey.two': 'Nothing runs yet: it waits for a second approver.',
  'passkey.row.first': 'Signed first by',
  'passkey.by_hand': '{system}: this account was named by hand, and nobody else has confirmed it.',
  'passkey.by_hand_of_two': '{system}: this account was named by hand, and somebody else has confirmed it.',
  'passkey.change': '{name}: from {now} to {then}',
  'passkey.change_of': '{name}: from {now} to {then}, the account of {holder}',
  'passkey.confirms': '{system}: {login} is right, also after this incident',
  'passkey.no_account': 'no account that can be acted on',
  'passkey.registered.title': 'The passkey is registered',
  'passkey.registered.text': 'You and the security channel are told. You can close this page.',
  'passkey.comes_back': 'What comes back with it, as far as Notme can tell',
  'passkey.confirmed.title': 'Confirmed',
  'passkey.confirmed.text':
    'It is recorded. The thread shows what is being done, or whose signature it still waits for. You can close this page.',
  'passkey.proven.title': 'Proven',
  'passkey.proven.text':
    'The security team can see that it was you. No account was changed, and no incident was closed. You can close this page.',
  'passkey.prove.stop':
    "Did somebody ask you for this? Then stop. Nobody from the security team asks you to prove something that you did not do: close this page, and press I didn't do this in Slack.",
  'passkey.problem.title': 'Nothing was done',
  'passkey.refused': 'This page did not send what was expected. Open the link again.',
  'passkey.busy': 'Too many tries. Wait a minute, then open the link again.',
  'passkey.unsupported': 'This browser cannot use passkeys. Open the link on a phone or in another browser.',
  'passkey.stopped': 'The passkey was not used. Press the button to try again.',
  'passkey.no_script': 'Passkeys need JavaScript. Allow it for this page, or enter a one-time code in Slack instead.',
  'confirm.title': 'Confirm',
  'confirm.window':
    'Nothing has been done yet. Open the page, check that it shows the same, and confirm with your passkey within ten minutes.',
  'confirm.link': 'Open the page',
  'confirm.hint': 'Leave it empty to confirm with your passkey instead.',
  'problem.passkey.unknown': 'This link leads nowhere. Open the window in Slack again.',
  'problem.passkey.used': 'This link was already used. It works once.',
  'problem.passkey.expired': 'This link has expired: it works for ten minutes. Open the window in Slack again.',
  'problem.passkey.wrong':
    'This passkey is not accepted: it is not yours, was not made for this page, or seems to be a copy. Nothing was done.',
  'problem.passkey.known': 'This passkey is registered already.',
  'problem.passkey.address':
    'Passkeys need a host name: browsers make none for an IP address. Set web.public_url (PUBLIC_URL) to an https address with a name.',
  'problem.passkey.insecure':
    'Passkeys need https: set web.public_url (PUBLIC_URL) to an https address, or use localhost.',
  'announce.passkey':
    ':key: {who} registered a passkey. If that was not them, remove it on the host: notme enroll --remove',
  'announce.passkey.you':
    ':key: A passkey was registered for you. If that was not you, tell the security team at once: it decides in your name.',
} as const;
