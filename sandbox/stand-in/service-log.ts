/** Log lines as HomeIQ's services write them: JSON, Python's plain form, or a web server's access lines. */

import type { LogStyle } from './services.ts';

type LogLevel = 'info' | 'warning' | 'error';

export type ServiceLog = {
  readonly write: (level: LogLevel, message: string) => void;
  /** One request that was answered; only a web server logs those. */
  readonly access: (method: string, path: string, status: number) => void;
};

const two = (value: number): string => String(value).padStart(2, '0');

/** Python's default form: `2025-01-31 08:09:10,123 - name - INFO - text`. */
function formatPlain(service: string, level: LogLevel, message: string, now: Date): string {
  const [date, time] = now.toISOString().slice(0, -1).split('T');
  return `${date} ${time?.replace('.', ',')} - ${service} - ${level.toUpperCase()} - ${message}`;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function formatAccess(method: string, path: string, status: number, now: Date): string {
  const day = `${two(now.getUTCDate())}/${months[now.getUTCMonth()]}/${now.getUTCFullYear()}`;
  const time = `${two(now.getUTCHours())}:${two(now.getUTCMinutes())}:${two(now.getUTCSeconds())}`;
  return `127.0.0.1 - - [${day}:${time} +0000] "${method} ${path} HTTP/1.1" ${status} 2 "-" "-"`;
}

/** `write` and `writeError` take one line without its end; errors go to the second, as with the real services. */
export function createServiceLog(
  service: string,
  style: LogStyle,
  write: (line: string) => void,
  writeError: (line: string) => void,
): ServiceLog {
  return {
    write: (level, message) => {
      const now = new Date();
      const line =
        style === 'json'
          ? JSON.stringify({
              timestamp: now.toISOString(),
              level: level.toUpperCase(),
              service,
              message,
            })
          : formatPlain(service, level, message, now);
      (level === 'error' ? writeError : write)(line);
    },
    access: (method, path, status) => {
      if (style === 'access') write(formatAccess(method, path, status, new Date()));
    },
  };
}
