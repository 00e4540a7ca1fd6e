/**
 * How an incident was closed, and looking again at what evidence shows, by the names that others use for them: `benign`
 * and `authorized_change` for `harmless` and `it_was_it`, a rescan for a later look. Entries of the record keep the words
 * of their time: they are chained by their hashes. Work that waits is requested under its new name.
 */
export const fieldWords = {
  id: 28,
  name: 'field-words',
  sql: `
alter table incidents drop constraint incidents_outcome_check;
update incidents set outcome = case outcome when 'harmless' then 'benign' else 'authorized_change' end
where outcome in ('harmless', 'it_was_it');
alter table incidents add constraint incidents_outcome_check
  check (outcome in ('compromised', 'benign', 'authorized_change', 'wrong_person'));

alter table later_looks rename to evidence_rescans;
alter index later_looks_pkey rename to evidence_rescans_pkey;

update work set name = 'rescan', id = 'rescan_' || ref, status = case when status = 'done' then 'done' else 'pending' end,
  lease_token = null, lease_until = null
where name = 'look_again';
`,
} as const;
