/** A point in time, as lines of a log and of events begin. */

const two = (value: number): string => String(value).padStart(2, '0');

/** `14:02:31`, `14:02:31Z`; of another day than `nowMs` with the month and the day before it. */
export function momentText(atMs: number, nowMs: number, zone: 'local' | 'utc' = 'local'): string {
  const at = new Date(atMs);
  const now = new Date(nowMs);
  if (zone === 'utc') {
    const text = at.toISOString();
    const day = text.slice(0, 10) === now.toISOString().slice(0, 10) ? '' : `${text.slice(5, 10)} `;
    return `${day}${text.slice(11, 19)}Z`;
  }
  const isToday = at.toDateString() === now.toDateString();
  const day = isToday ? '' : `${two(at.getMonth() + 1)}-${two(at.getDate())} `;
  return `${day}${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}
