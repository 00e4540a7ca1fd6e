/** Reports that were made at an identity system, in the thread and on the card. */
export const elsewhereTexts = {
  'elsewhere.reported':
    ':rotating_light: Reported at *{system}*, from the account {login}: "that was not me" ({facts}). Whoever holds that account could say so; nothing is contained by it.',
  'elsewhere.reported.ours':
    ":information_source: Reported at *{system}*, from the account {login}, at the time of a step of Notme's own ({facts}).",
  'elsewhere.push_denied':
    ':no_entry_sign: *{system}*: a sign-in request was rejected on the phone of {login} ({facts}). Whoever asked had the password, or tried one.',
  'elsewhere.at_risk': ':warning: *{system}* itself holds {login} to be at risk ({facts}). Nobody has said so yet.',
  'elsewhere.once': '{when}',
  'elsewhere.often': '{count} times from {first} to {last}',
  'elsewhere.from': 'from {ip}',
  'elsewhere.level': 'risk: {level}',
  'elsewhere.level.low': 'low',
  'elsewhere.level.medium': 'medium',
  'elsewhere.level.high': 'high',
  'elsewhere.word': 'in its own word: "{word}"',
  'elsewhere.id': 'its id: {id}',
} as const;
