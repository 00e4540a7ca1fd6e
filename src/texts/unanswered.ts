/** What the security channel and App Home say of notices that nobody has answered. */
export const unansweredTexts = {
  'timeline.notice_claimed':
    ':speech_balloon: {who} says of {what} in {system} {when}: "this was me". *Not proven:* whoever holds their Slack could say so. Check on another channel.',
  'timeline.notice_claimed_mail':
    ':speech_balloon: {who} says of {what} in {system} {when}, by the link in the mail: "this was me". *Not proven:* whoever reads their mail could say so. Check on another channel.',
  'timeline.claim_proven':
    ':ballot_box_with_check: {who} confirmed with {proof} that this was them: {what} in {system} {when}, by {actor}. Nothing was lifted or closed by it: an approver decides.',
  'proof.totp': 'a code',
  'proof.passkey': 'a passkey',
  'proof.recovery': 'a recovery code',
  'modal.prove.title': 'Prove that it was you',
  'modal.prove.intro':
    'You said "This was me" of this:\n*{system}*: {what}, {when}, by {actor}\nWith a code of your own the security team knows that it was you, and not only somebody in your Slack. No account is changed by it, and no incident is closed.\n:warning: *Did somebody ask you for this?* Then stop. Nobody from the security team asks you to prove something that you did not do: close this window and press *I didn\'t do this*.',
  'modal.prove.submit': 'Prove it',
  'problem.claim.not_said': 'Answer first: press *This was me* under the notice. Only then it can be proven.',
  'problem.claim.reported':
    'You said that this was not you, and the security team is looking at it. If it was you after all, tell them by phone or in person, and they will end it.',
  'problem.claim.proven': 'You have proven this already.',
  'problem.claim.not_enrolled':
    'You have neither codes nor a passkey here, so there is nothing to prove it with. You need not: the security team asks you by phone or in person if they want to be sure.',
  'announce.foreign_answer':
    ':warning: {who} pressed an answer to a notice that was sent to {owner} ({what}). It had no effect. Only {owner} was given that button: look at what {who} is doing.',
  'unanswered.title.one': 'Nobody has answered "Was this you?"',
  'unanswered.title': '"Was this you?" was not answered {count} times',
  'unanswered.title.listed': 'Reported elsewhere: {count}',
  'unanswered.title.mixed': '{count} things wait for a look',
  'unanswered.text.listed': '{count} reports made at identity systems, about {people} people, wait for a look.',
  'unanswered.text.mixed':
    '{count} notices and reports made at identity systems, about {people} people, wait for a look.',
  'unanswered.state.listed': 'The person was not asked about this.',
  'unanswered.title.done': 'Seen to: "Was this you?"',
  'unanswered.text.one': '{who} has not answered "Was this you?" ({system}: {what}).',
  'unanswered.text': '{count} notices ("Was this you?") to {people} people are not answered.',
  'unanswered.text.done': 'Notices ("Was this you?") were seen to.',
  'unanswered.intro':
    '{who} Ask the person on another channel than the account in question. If it was not them, or you do not reach them: *Open an incident*. If you know that it was them or your own IT: *Nothing wrong*.',
  'unanswered.intro.listed':
    '{who} These were made at an identity system, or are its own verdict, and no incident was opened by itself: too many came at once, or they are old. For each: *Open an incident*, or *Nothing wrong*.',
  'unanswered.intro.mixed':
    '{who} Some of these people have not answered; others were not asked, because a system itself holds them to be at risk. For each: *Open an incident*, or, if you know that it was them or your own IT, *Nothing wrong*.',
  'unanswered.person': '*{name}*',
  'unanswered.person.incident': '*{name}* (incident *{reference}* is open)',
  'unanswered.event': '• *{system}*: {what}, {when}, by {actor}, from {from}, account {login}. {state}',
  'unanswered.from_unknown': 'an address that the system does not name',
  'unanswered.state.asked': 'Asked {asked}, not answered since. Due {due}.',
  'unanswered.state.not_asked': 'Not asked yet: neither Slack nor mail has reached this person. Due {due}.',
  'unanswered.state.undated': 'Needs a human: asked before notices had a due time, and never answered.',
  'unanswered.more_of_person': '• and {count} more of the same person, the oldest of {when}',
  'unanswered.line': '• {name}: {count}',
  'unanswered.more': '… and {count} more people; they follow in my Home tab when these are seen to.',
  'unanswered.open': 'Open an incident',
  'unanswered.settle': 'Nothing wrong',
  'unanswered.label': '{action}: {name}',
  'unanswered.opened': 'Incident *{reference}* holds it now.',
  'unanswered.seen.me': '• *{name}*, {system}, {what}: says {when} that it was them',
  'unanswered.seen.claimed':
    '• *{name}*, {system}, {what}, by {actor}: says {when} that it was them (*not proven*). If you do not expect that, ask them by phone or in person',
  'unanswered.seen.proven':
    '• *{name}*, {system}, {what}, by {actor}: says {when} that it was them, and confirmed it with {proof}',
  'unanswered.seen.more': '… and {count} more that were seen to',
  'unanswered.seen.not_me': '• *{name}*, {system}, {what}: says {when} that it was *not* them',
  'unanswered.seen.opened': '• *{name}*, {system}, {what}: {by} opened incident *{reference}* {when}',
  'unanswered.seen.settled': '• *{name}*, {system}, {what}: {by} found nothing wrong {when}',
  'unanswered.home': '*Notices that wait for an answer* ({count})',
  'unanswered.home.none': '*Notices that wait for an answer:* none',
  'timeline.unanswered_opened':
    ':rotating_light: {who} opened this because a notice was not answered: {system}, {what}, {when}, by {actor}, from {from}, account {login}',
} as const;
