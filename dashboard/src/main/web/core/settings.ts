import { remember, remembered } from './memory.ts';

// What a reader chose: language and theme. Kept in the browser; every view draws anew on a change.
export const LANGUAGES = {
  en: { name: 'English', dir: 'ltr' },
  bg: { name: 'Български', dir: 'ltr' },
  he: { name: 'עברית', dir: 'rtl' },
  ms: { name: 'Bahasa Melayu', dir: 'ltr' },
} as const;
export type Language = keyof typeof LANGUAGES;
export type Theme = 'system' | 'light' | 'dark';

export const changes = new EventTarget();

function isLanguage(text: string | null | undefined): text is Language {
  return text != null && text in LANGUAGES;
}

function firstLanguage(): Language {
  const chosen = remembered('language');
  if (isLanguage(chosen)) return chosen;
  const wanted = navigator.languages.map((tag) => tag.toLowerCase().split('-')[0]);
  // Browsers still call Hebrew `iw` here and there.
  return wanted.map((tag) => (tag === 'iw' ? 'he' : tag)).find(isLanguage) ?? 'en';
}

let language: Language = firstLanguage();
let theme: Theme = (remembered('theme') as Theme | null) ?? 'system';

function apply(): void {
  const root = document.documentElement;
  root.lang = language;
  root.dir = LANGUAGES[language].dir;
  if (theme === 'system') delete root.dataset.theme;
  else root.dataset.theme = theme;
}

export const settings = {
  get language(): Language {
    return language;
  },
  set language(value: Language) {
    language = value;
    remember('language', value);
    apply();
    changes.dispatchEvent(new Event('change'));
  },
  get theme(): Theme {
    return theme;
  },
  set theme(value: Theme) {
    theme = value;
    remember('theme', value);
    apply();
    changes.dispatchEvent(new Event('change'));
  },
  get dark(): boolean {
    return theme === 'dark' || (theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
  },
};

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () =>
  changes.dispatchEvent(new Event('change')),
);
apply();
