/** What would otherwise be read whole, and grows for as long as Notme runs. */
export const histories = {
  id: 15,
  name: 'histories',
  sql: `
-- "my incidents" in App Home, closed ones too
create index incidents_by_person on incidents (person_id, workspace_id, opened_at);
-- whether a step was undone already, asked while its incident is locked
create index steps_by_undone on steps (undo_of, workspace_id) where undo_of is not null;
-- whether a sign-in came from a known address, for a person with thousands of them
create index sign_ins_by_address on sign_ins (ip, login, workspace_id);
`,
} as const;
