-- Sample data of appointments: 120 appointments in three weeks, 8 subscriptions, 16 waiting, 50 payments.

set local time zone 'UTC';

insert into appointments.appointments
  (id, user_id, client_id, service_id, on_date, starts_at, ends_at, status, reminded_at, notes,
   attributes, created_at, updated_at)
select
  md5('appointment ' || i)::uuid,
  md5('user ' || 1 + (i - 1) % 8)::uuid,
  md5('user ' || 9 + i * 7 % 16)::uuid,
  1 + (i - 1) % 8 * 3 + i % 3,
  starts_at::date,
  starts_at,
  starts_at + (array[interval '45 minutes', interval '20 minutes', interval '90 minutes'])[1 + i % 3],
  case
    when i <= 60 then (array['DONE', 'DONE', 'DONE', 'NO_SHOW', 'CANCELLED'])[1 + i % 5]
    else (array['CONFIRMED', 'CONFIRMED', 'REQUESTED', 'CANCELLED'])[1 + i % 4]
  end::appointments.status,
  case when i <= 60 then starts_at - interval '1 day' end,
  case i % 9 when 0 then 'Brings the results of the last test.' when 4 then 'Prefers the ground floor' end,
  case when i % 6 = 0 then jsonb_build_object('room', i % 4 + 1, 'remote', false)
       when i % 6 = 3 then jsonb_build_object('remote', true, 'link', 'https://meet.example.org/' || i)
       else '{}' end,
  starts_at - interval '9 days 3 hours',
  starts_at - interval '2 days'
from
  generate_series(1, 120) as i,
  lateral (
    select (timestamp '2026-01-05 08:30' + (i - 1) / 8 * interval '1 day' + i % 5 * interval '95 minutes')
      at time zone 'UTC' as starts_at
  ) as slot
on conflict do nothing;

insert into appointments.subscriptions (id, user_id, plan, price, starts_on, ends_on, renews)
select
  i,
  md5('user ' || i)::uuid,
  (array['PRO', 'BASIC', 'FREE'])[1 + i % 3]::booking.plan,
  (array[29.90, 9.90, 0.00])[1 + i % 3],
  date '2025-07-01' + (i * 13)::integer,
  case when i % 3 = 2 then date 'infinity' else date '2026-01-10' + (i * 17)::integer end,
  i % 4 <> 0
from generate_series(1, 8) as i
on conflict do nothing;

insert into appointments.waiting_list
  (id, user_id, client_id, service_id, between_days, weekdays, priority, offers, created_at)
select
  i,
  md5('user ' || 1 + (i - 1) % 8)::uuid,
  md5('user ' || 8 + i)::uuid,
  1 + (i - 1) % 8 * 3,
  daterange(date '2026-01-12' + (i % 5)::integer, date '2026-02-01' + (i * 2)::integer),
  (array['{1,3,5}', '{2,4}', '{}', '{6}']::text[])[1 + i % 4]::smallint[],
  i % 3,
  i % 2,
  timestamptz '2026-01-02 10:00:00+00' + i * interval '97 minutes'
from generate_series(1, 16) as i
on conflict do nothing;

insert into appointments.payments
  (id, user_id, appointment_id, subscription_id, amount, currency, status, receipt, paid_at, created_at)
select
  md5('payment ' || i)::uuid,
  md5('user ' || 9 + i * 7 % 16)::uuid,
  case when i > 6 then md5('appointment ' || i)::uuid end,
  case when i in (1, 3, 4, 6) then i end,
  (array[25.50, 60.00, 110.00, 9.90])[1 + i % 4] + 0.01 * i,
  'EUR',
  status,
  case when status = 'PAID' and i % 4 = 0 then convert_to('%PDF-1.7 receipt ' || i, 'UTF8') end,
  case when status in ('PAID', 'REFUNDED') then timestamptz '2026-01-05 12:00:00+00' + i * interval '5 hours' end,
  timestamptz '2026-01-05 11:40:00+00' + i * interval '5 hours'
from
  generate_series(1, 50) as i,
  lateral (
    select (array['PAID', 'PAID', 'PAID', 'PENDING', 'REFUNDED', 'FAILED'])[1 + i % 6]::appointments.payment_status
      as status
  ) as state
on conflict do nothing;
