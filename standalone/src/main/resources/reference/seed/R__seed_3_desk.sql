-- Sample data of the desk: 30 contacts, 50 tickets, 140 messages.

set local time zone 'UTC';

insert into desk.contacts (id, name, email, phone, company, tags, fields, created_at)
select
  md5('contact ' || i)::uuid,
  first_name || ' ' || last_name,
  case when i % 6 <> 0 then lower(first_name) || '.' || i || '@example.com' end,
  case when i % 6 = 0 or i % 4 = 0 then '+57 30' || lpad((i * 104729 % 100000000)::text, 8, '0') end,
  (array['Panadería Sol', 'Nordlys AS', 'Atelier Vert', null, 'Kiosk 24'])[1 + i % 5],
  (array['{vip}', '{}', '{newsletter,trial}', '{}']::text[])[1 + i % 4]::text[],
  jsonb_build_object('language', (array['es', 'en', 'fr'])[1 + i % 3], 'since', 2018 + i % 8),
  timestamptz '2025-10-01 08:00:00+00' + i * interval '31 hours'
from
  generate_series(1, 30) as i,
  lateral (
    select
      (array['Olga', 'Peter', 'Camila', 'Youssef', 'Mei', 'Andrés', 'Fatima', 'Liam', 'Zofia', 'Rafael'])[1 + i % 10],
      (array['Rossi', 'Haugen', 'Moreno', 'Lefèvre', 'Tanaka', 'Castro', 'Novak'])[1 + i % 7]
  ) as person (first_name, last_name)
on conflict do nothing;

insert into desk.tickets
  (id, contact_id, team, subject, state, urgency, assignee, tags, unread, due_at, satisfaction,
   created_at, updated_at)
select
  i,
  md5('contact ' || 1 + i * 11 % 30)::uuid,
  (array['support', 'billing', 'sales'])[1 + i % 3],
  (array[
    'I cannot log in since this morning', 'Invoice shows the wrong address', 'Do you ship to the islands?',
    'The app closes when I add a photo', 'Refund for order', 'Change the owner of our account',
    'Question about the annual plan', 'Notifications arrive twice'])[1 + i % 8]
    || case when i % 8 = 4 then ' #' || 1000 + i else '' end,
  state,
  (array['NORMAL', 'NORMAL', 'LOW', 'HIGH', 'URGENT'])[1 + i % 5]::desk.urgency,
  (array['dana', 'emil', null, 'farah'])[1 + i % 4],
  (array['{login}', '{invoice,vat}', '{}', '{app,android}']::text[])[1 + i % 4]::text[],
  case when state = 'OPEN' then i % 3 else 0 end,
  case when i % 5 = 4 then opened_at + interval '4 hours' end,
  case when state in ('SOLVED', 'CLOSED') and i % 2 = 0 then (array[5, 4.5, 3.75, 1])[1 + i % 4] end,
  opened_at,
  opened_at + i % 40 * interval '1 hour'
from
  generate_series(1, 50) as i,
  lateral (
    select
      (array['OPEN', 'OPEN', 'PENDING', 'SOLVED', 'CLOSED'])[1 + i * 3 % 5]::desk.state,
      timestamptz '2026-01-03 07:12:45.5+00' + i * interval '7 hours 13 minutes'
  ) as life (state, opened_at)
on conflict do nothing;

insert into desk.messages (id, ticket_id, team, direction, author, body, attachments, read_at, sent_at)
select
  i,
  ticket.id,
  ticket.team,
  case when nth = 0 then 'INBOUND' when nth = 1 then 'OUTBOUND' else 'INTERNAL' end::desk.direction,
  case when nth = 0 then contact.name else coalesce(ticket.assignee, 'dana') end,
  case nth
    when 0 then 'Hello, ' || lower(left(ticket.subject, 1)) || substr(ticket.subject, 2) || E'.\nThanks!'
    when 1 then 'Hi ' || split_part(contact.name, ' ', 1) || ', we are looking into it.'
    else 'Checked the logs, nothing unusual "so far".'
  end,
  case when i % 10 = 0
    then jsonb_build_array(jsonb_build_object('name', 'screen-' || i || '.png', 'bytes', 20000 + i * 37))
    else '[]' end,
  case when nth > 0 or i % 3 = 0 then ticket.created_at + (nth + 1) * interval '25 minutes' end,
  ticket.created_at + nth * interval '20 minutes'
from
  generate_series(1, 140) as i,
  lateral (select 1 + (i - 1) % 50, (i - 1) / 50) as place (ticket_id, nth)
  join desk.tickets as ticket on ticket.id = place.ticket_id
  join desk.contacts as contact on contact.id = ticket.contact_id
on conflict do nothing;
