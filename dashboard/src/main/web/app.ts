import './style/app.css';
import './shell/app.ts';
