// Every sentence of the dashboard in English; the other languages have the same keys, or the types
// do not fit. `{name}` stands for a value.
export interface Plural {
  one?: string;
  two?: string;
  few?: string;
  many?: string;
  other: string;
}

export const en = {
  'app.fineTuning': 'Fine-tuning',
  'app.menu': 'Main menu',
  'app.language': 'Language',
  'app.theme': 'Theme',
  'app.theme.system': 'System',
  'app.theme.light': 'Light',
  'app.theme.dark': 'Dark',
  'app.logOut': 'Log out',
  'app.lost': 'The server cannot be reached. This page tries again by itself.',
  'app.loading': 'Loading …',
  'app.skip': 'Skip to content',

  'login.title': 'Log in',
  'login.key': 'API key',
  'login.hint': 'The key that the first start printed, or the value of LUTHIER_API_KEY. “luthier serve” also prints a link that logs in once.',
  'login.button': 'Log in',
  'login.wrong': 'This key is not one of the server’s keys.',
  'login.linkUsed': 'This link has been used already, or is of an earlier start of the server. Log in with a key.',

  'jobs.title': 'Fine-tuning jobs',
  'jobs.list': 'Jobs',
  'jobs.filter': 'Show',
  'jobs.filter.all': 'All',
  'jobs.filter.running': 'Running',
  'jobs.filter.succeeded': 'Succeeded',
  'jobs.filter.failed': 'Failed',
  'jobs.search': 'Search jobs',
  'jobs.none': 'No jobs yet',
  'jobs.noneFits': 'No job fits',

  'status.validating_files': 'Checking files',
  'status.queued': 'Queued',
  'status.running': 'Running',
  'status.succeeded': 'Succeeded',
  'status.failed': 'Failed',
  'status.cancelled': 'Cancelled',
  'status.paused': 'Paused',
} satisfies Record<string, string | Plural>;

export type Key = keyof typeof en;
export type Table = Record<Key, string | Plural>;
