-- Sample data of booking: 24 people, of whom 8 offer services; 24 services; 8 templates.
-- The same rows on every machine, so no random() and no now(); rows that exist already are left alone.

set local time zone 'UTC';

insert into booking.users
  (id, name, email, phone, provider, plan, time_zone, languages, opens_at, closes_at,
   preferences, last_ip, created_at, updated_at)
select
  md5('user ' || i)::uuid,
  name,
  lower(replace(translate(name, 'áéíóúñçãô', 'aeiouncao'), ' ', '.')) || '@example.org',
  case when i % 5 = 0 then null else '+34 6' || lpad((i * 7919 % 100000000)::text, 8, '0') end,
  i <= 8,
  (array['PRO', 'BASIC', 'FREE'])[1 + i % 3]::booking.plan,
  (array['Europe/Madrid', 'America/Bogota', 'America/Sao_Paulo', 'UTC'])[1 + i % 4],
  (array['{es}', '{es,en}', '{pt,en}', '{en}'])[1 + i % 4]::text[],
  case when i <= 8 then time '08:00' + (i % 3) * interval '30 minutes' end,
  case when i <= 8 then time '17:00' + (i % 4) * interval '30 minutes' end,
  jsonb_build_object('reminders', jsonb_build_array('EMAIL', 'PUSH'), 'digest', i % 2 = 0, 'lead_hours', 2 + i % 22),
  ('192.0.2.' || i)::inet,
  timestamptz '2025-11-03 09:00:00.123456+00' + i * interval '26 hours',
  timestamptz '2025-12-01 09:00:00+00' + i * interval '11 hours'
from unnest(array[
  'Lucía Ferrer', 'Marco Silva', 'Inés Roldán', 'Tomás Andrade', 'Greta Holm', 'Paulo Mendes', 'Noa Vidal', 'Aylin Demir',
  'Carla Núñez', 'Bruno Teixeira', 'Elena Popescu', 'Hugo Martin', 'Sara Lindqvist', 'Diego Torres', 'Marta Kowalska',
  'Iker Zabala', 'Rosa Quispe', 'Jonas Weber', 'Amara Okafor', 'Luis Paredes', 'Chloé Bernard', 'Yara Gomes', 'Nuno Costa',
  'Ana Beltrán']) with ordinality as people (name, i)
on conflict do nothing;

insert into booking.services (id, user_id, name, lasts, price, currency, colour, active)
select
  i,
  md5('user ' || 1 + (i - 1) / 3)::uuid,
  (array['First visit', 'Follow-up', 'Long session'])[1 + (i - 1) % 3],
  (array[interval '45 minutes', interval '20 minutes', interval '1 hour 30 minutes'])[1 + (i - 1) % 3],
  (array[60.00, 25.50, 110.00])[1 + (i - 1) % 3] + (i - 1) / 3,
  case when i % 7 = 0 then 'USD' else 'EUR' end,
  (i * 654321) % 16777216,
  i % 11 <> 0
from generate_series(1, 24) as i
on conflict do nothing;

insert into booking.templates (id, slug, channel, language, for_plan, subject, body, variables)
values
  (1, 'reminder', 'EMAIL', 'en', null, 'Tomorrow at {{time}}', E'Hello {{name}},\nwe expect you tomorrow at {{time}} for {{service}}.', '{name,time,service}'),
  (2, 'reminder', 'EMAIL', 'es', null, 'Mañana a las {{time}}', E'Hola {{name}}:\nte esperamos mañana a las {{time}} para {{service}}.', '{name,time,service}'),
  (3, 'reminder', 'PUSH', 'en', null, null, '{{service}} at {{time}}', '{time,service}'),
  (4, 'reminder', 'WHATSAPP', 'pt', 'PRO', null, 'Olá {{name}} 👋, até amanhã às {{time}}!', '{name,time}'),
  (5, 'cancelled', 'EMAIL', 'en', null, 'Your appointment was cancelled', 'Dear {{name}}, {{service}} on {{date}} will not take place.', '{name,service,date}'),
  (6, 'subscription-ends', 'EMAIL', 'en', 'BASIC', 'Your plan ends on {{date}}', 'Renew before {{date}} to keep your agenda.', '{date}'),
  (7, 'slot-free', 'SMS', 'es', null, null, 'Hay un hueco el {{date}} a las {{time}}. ¿Lo quieres?', '{date,time}'),
  (8, 'receipt', 'EMAIL', 'en', null, 'Receipt {{number}}', 'Thank you. Amount: {{amount}}.', '{number,amount}')
on conflict do nothing;
