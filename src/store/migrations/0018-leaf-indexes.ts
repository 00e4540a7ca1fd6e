/** Leaves are found by what tells them apart first, and by the workspace after it. */
export const leafIndexes = {
  id: 18,
  name: 'leaf-indexes',
  sql: `
alter table record_leaves
  drop constraint record_leaves_pkey,
  drop constraint record_leaves_workspace_id_incident_id_seq_key;
alter table record_leaves
  add primary key (position, workspace_id),
  add unique (incident_id, seq, workspace_id);
`,
} as const;
