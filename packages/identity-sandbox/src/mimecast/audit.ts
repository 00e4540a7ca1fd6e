import type { FunctionInput, Prepared } from './function-input.js';
import { functionFailure, paginate, success, validation, type FunctionError } from './wire.js';

const LOOK_BACK_MS = 60 * 24 * 60 * 60 * 1000;
const TIME = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})([+-]\d{2})(\d{2})$/;

/** The instant, or why it is refused: an offset with a colon, or `Z`, is no time for Mimecast. */
function instant(item: Record<string, unknown>, field: string): number | FunctionError {
  const value = item[field];
  if (value === undefined || value === null) return validation.missing(field);
  const match = typeof value === 'string' ? TIME.exec(value) : null;
  const at = match === null ? Number.NaN : Date.parse(`${match[1] ?? ''}${match[2] ?? ''}:${match[3] ?? ''}`);
  return Number.isNaN(at) ? validation.date(field) : at;
}

function textList(value: unknown): readonly string[] | null {
  if (value === undefined) return [];
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string') ? value : null;
}

/** Newest first. Both ends of the window are included. */
export function auditEvents({ state, now, item, paging }: FunctionInput): Prepared {
  const refuse = (error: FunctionError): Prepared => ({ refused: functionFailure(item, error) });
  const from = instant(item, 'startDateTime');
  if (typeof from !== 'number') return refuse(from);
  const to = instant(item, 'endDateTime');
  if (typeof to !== 'number') return refuse(to);
  if (from > to)
    return refuse({
      code: 'err_validation_invalid_date_range',
      message: 'startDateTime is after endDateTime',
      field: 'startDateTime',
    });
  if (from < now.getTime() - LOOK_BACK_MS) {
    return refuse({
      code: 'err_validation_invalid_date_range',
      message: 'startDateTime is more than 60 days ago',
      field: 'startDateTime',
    });
  }
  const categories = textList(item['categories']);
  if (categories === null) return refuse(validation.kind('categories', 'list'));
  const query = item['query'];
  if (query !== undefined && typeof query !== 'string') return refuse(validation.kind('query', 'string'));
  const wanted = (query ?? '').toLowerCase();
  const found = state.visibleAudit().filter((row) => {
    if (categories.length > 0 && !categories.includes(row.category)) return false;
    if (!`${row.user} ${row.auditType} ${row.eventInfo}`.toLowerCase().includes(wanted)) return false;
    const at = Date.parse(row.eventTime.replace(/(\d{2})$/, ':$1'));
    return at >= from && at <= to;
  });
  const { page, pagination } = paginate([...found].reverse(), paging);
  return { commit: () => success(page, pagination) };
}
