# Lo que dice el informe en español. Un mensaje por línea; los huecos son { $nombre }.

## Cabecera y marco
head-over = Revisión de recuperación ante desastres
head-size = { $designs } diseños · { $years } años simulados · { $outages } caídas
skip = Ir a los compromisos
contents = Contenido
theme = Claro u oscuro
footer = Hecho por drsim a partir de results.json y los archivos que están a su lado; todo número de arriba figura allí. No se cargó nada de la red.

## Veredictos
verdict = Veredicto
verdict-holds = se cumple
verdict-fails = no se cumple
verdict-undecided = sin decidir
verdict-depends = depende
verdict-not-refuted = no refutado
verdict-no-cases = sin casos
verdict-not-estimated = no estimado

## Palabras de las tablas
claim = Compromiso
asked = Pedido
found = Hallado
range = Rango
decided-by = Lo decide
always = siempre
design = Diseño
proposed = propuesto
baseline = referencia
worse = peor
mean = Total
cases = Casos
operation-reads = lecturas
operation-writes = escrituras

## Compromisos
claims = Compromisos
claims-title = { $judged ->
    [0] { $design }: ningún compromiso pudo juzgarse
    [one] { $holds ->
        [0] { $design } no cumple el único compromiso que se juzgó
       *[other] { $design } cumple el único compromiso que se juzgó
    }
   *[other] { $holds ->
        [0] { $design } no cumple ninguno de los { $judged } compromisos que se juzgaron
       *[other] { $design } cumple { $holds } de los { $judged } compromisos que se juzgaron
    }
}
claims-all = Los mismos compromisos con cada diseño
claims-gauge = hallado { $found } %, pedido { $asked }
claims-per-incident = de { $n } caídas que lo afectaron
claims-per-year = de { $n } años simulados
claims-per-client = de { $n } clientes
claims-per-instant = de todos los instantes
claims-burst = Bastan { $burst }
claims-example = Fallo por menor margen: { $words } (año simulado { $year })
claims-note = Hallado: proporción de los casos que respetaron la cota, ± semiancho de su intervalo del { $level } %; se estrecha con más años simulados. Rango (banda): de P10 a P90 sobre { $worlds } mundos que difieren en lo que nadie sabe con exactitud; no se estrecha. La marca vertical es lo pedido. Un compromiso depende cuando el rango queda a ambos lados de ella.

## A dónde va el tiempo
waterfall-name = A dónde va el tiempo
waterfall-table = Duración media de cada parte de la recuperación, solo caídas de una región
part-undetected = sin detectar
part-undecided = sin decidir
part-promoting = promoviendo
part-reconnecting = reconectando
part-routing = enrutando
part-draining = vaciando conexiones
part-warming = calentando
part-waiting_for_repair = esperando la reparación

## Distribuciones
recovery-name = Tiempo de recuperación
recovery-table-reads = Tiempo hasta que vuelven las lecturas, todas las poblaciones; un intervalo cuando abarca más del doble
recovery-table-writes = Tiempo hasta que vuelven las escrituras
loss-name = Datos en riesgo
loss-table-objects = Edad del archivo más antiguo en riesgo, en los cortes que dejaron alguno
loss-table-database = Edad de la fila perdida más antigua, en los cortes que perdieron alguna

## Diseños
designs-name = Los diseños, uno junto a otro
designs-title = { $worse ->
    [0] Ningún diseño es peor que { $baseline } en peticiones que fallan
    [one] En uno de { $others } diseños fallan más peticiones que con { $baseline }
   *[other] En { $worse } de { $others } diseños fallan más peticiones que con { $baseline }
}
reads-back = Vuelven las lecturas
writes-back = Vuelven las escrituras
oldest-missing = Lo más antiguo que falta
file-p95 = archivo, P95
row-p95 = fila, P95
outages-a-year = Caídas sufridas al año
minutes-down = Minutos caído al año
failed-requests = Peticiones fallidas
a-year = al año
against-baseline = frente a la referencia
claims-kept = Compromisos cumplidos
returns = regresan
designs-note = Vuelven: desde el inicio hasta que hay servicio de nuevo, todas las caídas y poblaciones; intervalo del { $level } % cuando la incertidumbre de un percentil supera el doble. Lo más antiguo que falta: en el corte hacia la otra región, P95 de los cortes que dejaron algo; «regresan»: los datos vuelven con su región. Minutos caído: media por debajo del nivel mínimo de servicio. Frente a la referencia: diferencia media con { $baseline }, emparejada año por año en las mismas caídas. «-»: casos insuficientes. Peor: más peticiones fallidas que la referencia, más allá del intervalo emparejado.

## Capacidad
capacity-name = Capacidad de la región superviviente
capacity-title = { $design }: la región superviviente atiende a todos; lo más solicitado: { $resource }, { $needed } de { $limit }
capacity-title-over = { $design }: a ninguna región le falta capacidad mucho tiempo, pero atender a todos al instante en el 99 % de sus caídas requiere { $needed } { $resource }; el límite es { $limit }
capacity-title-short = { $design }: en el { $share } % de sus caídas lo primero que falta en la región superviviente: { $resource }
capacity-note = Lo que necesita la región más cargada en una caída para atender a todos los que llegan, reintentos incluidos: el límite más pequeño que basta en el 95 % y el 99 % de las caídas, con los demás límites como están. Falta primero: proporción de las caídas en que este recurso se agotó primero.
resource = Recurso
has = Tiene
limit = límite
needs-95 = Necesita, 95 %
needs-99 = Necesita, 99 %
first-short = Falta primero
resource-requests_per_second = peticiones por segundo
resource-burst = ráfaga de peticiones
resource-concurrency_growth = funciones nuevas por segundo
resource-bandwidth = Mbit/s
resource-concurrency = funciones a la vez
resource-database_units = unidades de capacidad de la base de datos
resource-database_growth = unidades de la base de datos antes del salto
resource-connections = conexiones a la base de datos

## Supuestos
assumptions-name = Supuestos
assumptions-title = { $weak } de { $n } entradas son estimaciones que nadie ha comprobado en este sistema
assumptions-intro = { $ranges } de { $n } entradas declaran un rango, y solo estas ensanchan el rango de un compromiso. Causas de caída simuladas: { $causes }; otras { $off } están desactivadas.
input = Entrada
value = Valor
range-stated = Rango
source = Fuente
owner = Responsable
no-source = sin fuente
given-scenario = escenario, línea { $line }
given-base = { $file }, línea { $line }
given-command-line = línea de órdenes
given-built-in = incorporado
basis-unverified = Sin verificar: { $n }
basis-unverified-means = recordado o supuesto; conviene sustituir estos primero
basis-estimated = Estimado: { $n }
basis-estimated-means = juicio de ingeniería
basis-reported = Comunicado: { $n }
basis-reported-means = por terceros
basis-documented = Documentado: { $n }
basis-documented-means = por el proveedor
basis-contract = Contrato: { $n }
basis-contract-means = fijado por acuerdo
basis-measured = Medido: { $n }
basis-measured-means = en este sistema

## El peor año
worst-name = El peor año
worst-title = En su peor año, { $design } está caído { $down }
worst-downtime = Por debajo del nivel mínimo de servicio, media sobre los usuarios:
worst-failed = peticiones que fallan:
worst-note = Es el año { $year } de { $years } simulados, el de más tiempo caído: una historia, no un pronóstico. { $quiet ->
    [0] {""}
    [one] Una caída más de ese año no interrumpió a nadie.
   *[other] Otras { $quiet } caídas de ese año no interrumpieron a nadie.
}
worst-outage = { $at } caída por { $cause }
worst-day = día { $day }, { $clock } UTC:
worst-more = … { $n } líneas más
worst-again = Para ver el año entero:
event-fails = falla { $subject }: { $detail }
event-repaired = { $subject } queda reparado: { $detail }
event-verdict = las comprobaciones dan { $subject } por { $detail }
event-published = el veredicto sobre { $subject } llega a las respuestas
event-pointed = personas apuntan los registros a { $subject }
event-blocked = bloqueado en { $subject }: { $detail }
event-evacuated = personas sacan { $subject } de las respuestas
event-writer-lost = se pierde el escritor en { $subject }
event-writer-missed = el canario echa en falta al escritor
event-decided = decidido: promover
event-promoted = { $subject } acepta escrituras
event-reconnected = las funciones encontraron al nuevo escritor
event-rebuilt = { $subject } vuelve a ser copia de la base de datos
event-fails-back = el escritor vuelve a { $subject }: nadie escribe
event-failed-back = { $subject } acepta escrituras de nuevo
event-drill = un simulacro: { $detail }
event-scaled-out = { $subject } atiende a todos
event-destroyed = se destruye lo que guardan los almacenes de { $subject }
event-unfenced = el escritor anterior en { $subject } no queda aislado y sigue aceptando escrituras
event-commits = las confirmaciones { $detail }
event-rows-lost = filas perdidas: { $detail }
event-files-at-risk = archivos en riesgo: { $detail }
event-back = { $subject }: de vuelta, { $detail }
event-below = { $subject }: caído, { $detail }
story-requests = { $what }: { $share } % de las peticiones
story-answered = { $share } % atendido
story-files = { $n } archivos, el más antiguo de { $age } s
story-rows = { $n } filas, la más antigua de { $age } s
story-no-copy = { $n } archivos sin copia, el más antiguo de { $age } s
story-rows-gone = { $n } filas perdidas, la más antigua de { $age } s
story-destroyed = { $n } archivos destruidos, el más antiguo de { $age } s
story-to-return = { $n } archivos que volverán, el más antiguo de { $age } s
story-salvaged = { $n } filas rescatadas, la más antigua de { $age } s
story-recovered = recuperado a los { $age } s
story-down = { $age } minutos caído en el año

said-files-stay = `{ $design }` guarda los archivos de { $who } en su continente, pero su base de datos global copia todas las filas a { $region }
said-events-in-years = { $n } en { $years } años
said-no-check = `{ $design }` no tiene comprobación de estado: sus registros nunca conmutan, los usuarios esperan la reparación
said-unstable = `{ $design }`: el enlace desde { $region } es inestable en el caso base: utilización media { $share }, la cola crece { $grows } s al día
said-origin-wait = `{ $design }`: un origen muerto cuesta { $wait } s antes de probar el segundo; los clientes abandonan a los { $timeout } s
said-alias-ttl = `{ $design }`: un registro alias toma el TTL de su destino, 60 s; un TTL de { $ttl } s necesita un CNAME corriente
said-best-case = ni el mejor caso de `{ $design }` puede cumplir `{ $claim }` ({ $bound } s): { $sum } = { $best } s
said-best-probes = sondeos { $probes } s + publicación { $publication } s + respuestas en caché { $caches } s
said-best-origin = intentos de conexión { $wait } s
said-person-promotes = `{ $design }` deja que una persona decida la promoción, pero se promete que las escrituras vuelven en minutos
said-invoice-off = la factura modelada de `{ $design }` es el { $ratio } % de la factura real: toda cifra de dinero está en duda
said-added = { $service }: { $share } % de lo que se añade

## Método
method-name = Método
method-title = Cómo se obtuvieron estos números, y cómo obtenerlos de nuevo
method-again = El mismo escenario, semilla y número de años dan los mismos bytes, con cualquier número de hilos:
method-checklist = Según la lista STRESS-DES para informes de simulación de eventos discretos (Monks et al. 2019, Journal of Simulation 13(1), 55-67).
method-objectives = 1. Objetivos
method-objectives-purpose = Propósito
method-objectives-purpose-is = Juzgar los { $claims } compromisos de «{ $title }» y comparar sus diseños: { $designs }.
method-objectives-outputs = Salidas
method-objectives-outputs-is = Por caída: tiempo hasta que lecturas y escrituras vuelven a tener servicio, edad del archivo y de la fila más antiguos que le faltan a la región superviviente. Por año: minutos por debajo del nivel mínimo de servicio, peticiones fallidas. De cada uno la distribución, nunca solo la media.
method-objectives-aims = Metas
method-objectives-aims-is = Para cada compromiso, la proporción de casos que respetan su cota, con un veredicto; para cada diseño, qué lo decide.
method-logic = 2. Lógica
method-logic-overview = Visión general
method-logic-overview-is = Una réplica es un año, que salta de caída en caída. Dentro de una, los sondeos, la caducidad de respuestas en caché, las promociones y las reparaciones son eventos; la carga entre dos eventos es una tasa que se integra exactamente.
method-logic-base = Modelo base
method-logic-base-is = Regiones { $regions }; usuarios en { $populations }. Causas de caída: { $causes }.
method-logic-scenarios = Escenarios
method-logic-scenarios-is = { $designs }. Cada uno difiere de su plantilla solo donde lo dice el archivo del escenario.
method-logic-components = Componentes
method-logic-components-is = Entidades: caídas, peticiones, archivos en camino. Actividades: sondear, publicar, guardar en caché, decidir, promover, reconectar, ampliar, copiar. Recursos: peticiones por segundo, funciones a la vez, unidades y conexiones de la base de datos, flujos de copia. Colas: archivos en un enlace, peticiones que se reintentan.
method-data = 3. Datos
method-data-sources = Fuentes
method-data-sources-is = Cada una de las { $inputs } entradas figura arriba con su base, fuente y responsable; la mayoría de los valores incorporados vienen de la documentación del proveedor y de análisis de caídas reales.
method-data-assumptions = Supuestos
method-data-assumptions-is = Lo que varía de caso en caso se sortea; lo que nadie sabe con exactitud se sortea una vez por mundo, para que la ignorancia no se promedie.
method-experimentation = 4. Experimentación
method-experimentation-initialisation = Inicio
method-experimentation-initialisation-is = Un año empieza el { $start } con todo sano; no hace falta calentamiento, pues las caídas encuentran un sistema cuyas cachés y archivos en camino se sortean de su estado estacionario.
method-experimentation-length = Duración
method-experimentation-length-is = { $years } años por diseño, { $outages } caídas que alcanzaron la carga; una caída se sigue hasta su final, a lo sumo 30 días.
method-experimentation-estimation = Estimación
method-experimentation-estimation-is = El año i está en el mundo i mod { $worlds }. Los intervalos son del { $level } %, con los mundos fijos y el año como unidad; los rangos van de P10 a P90 sobre los mundos, restado el ruido de la simulación. Un percentil se da solo cuando la muestra sostiene su intervalo.
method-experimentation-comparison = Comparación
method-experimentation-comparison-is = Todos los diseños sufren las mismas caídas y las mismas subidas de archivos (números aleatorios comunes), así que las diferencias se emparejan año por año.
method-implementation = 5. Implementación
method-implementation-software = Software
method-implementation-software-is = drsim { $version }, commit { $commit }, en Rust; lista de eventos ordenada por tiempo y luego por orden de programación.
method-implementation-randomness = Números aleatorios
method-implementation-randomness-is = { $generator }, un flujo por semilla, año, propósito e índice; semilla { $seed }.
method-implementation-execution = Ejecución
method-implementation-execution-is = Los años se calculan en bloques fijos y se suman en orden: los mismos bytes con cualquier número de hilos. La máquina y el tiempo de reloj figuran en run.json.
method-access = 6. Acceso al código
method-access-code = Código y escenario
method-access-code-is = Código abierto, MIT o Apache-2.0. Resumen criptográfico del escenario: { $digest }.

## La respuesta en frases
answer-no-claims = { $design }: el escenario no contiene compromisos.
answer-kept-unjudged = { $design }: ningún compromiso pudo juzgarse
answer-kept-one-open = { $design }: se juzgó un compromiso
answer-kept-one-not = { $design } no cumple el único compromiso que se juzgó
answer-kept-one = { $design } cumple el único compromiso que se juzgó{ $list }
answer-kept-none = { $design } no cumple ninguno de sus { $n } compromisos
answer-kept-all = { $design } cumple sus { $n } compromisos{ $list }
answer-kept-some = { $design } cumple { $k } de sus { $n } compromisos{ $list }
answer-open = { $n } sin refutar{ $list }
answer-fails = No cumple { $list }.
answer-depends = Lo que no se sabe decide { $list }.
answer-undecided = Sin decidir, más años lo dirían: { $list }.
answer-no-cases = No ocurrió nada que ponga a prueba { $list }.
answer-not-estimated = No estimado: { $list }.
answer-money-bill = Su factura es de { $total } { $unit } al año{ $range }.
answer-money-more = Su factura es de { $total } { $unit } al año, { $more }{ $range } { $less ->
    [0] más
   *[other] menos
} que { $base }{ $share }.
answer-money-costs = Cuesta { $all } { $unit } al año { $less ->
    [0] más
   *[other] menos
} que { $base } ({ $range }nube { $cloud }{ $share }, { $people }) y { $worth }.
answer-money-people = personal { $amount }
answer-money-no-people = personal sin estimar
answer-lowers = baja la pérdida esperada en { $amount } { $unit }{ $range }
answer-raises = sube la pérdida esperada en { $amount } { $unit }
answer-tail = , el peor de cada 100 años de { $from } a { $to }
answer-pays = económicamente compensa
answer-pays-not = económicamente no compensa
answer-pays-open = faltan años simulados para saber si compensa
answer-pays-above = compensa por encima de { $price } { $currency } por hora de caída, el escenario dice { $given }
answer-pays-never = ningún precio de la hora hace que compense, pues no está menos tiempo caído
answer-loses-more = Pierden más al año que { $base } ({ $loss }): { $names }.
answer-worse = Peor que { $than }: { $names }
answer-no-second-region = no tener segunda región
answer-more = { $n } más
answer-meets = { $population } sufre { $ours } caídas al año frente a { $theirs }
answer-others-meet = y otras { $n } poblaciones también sufren más
answer-under = { $whose } con { $baseline }
answer-down = caído { $ours } minutos al año frente a { $theirs }
answer-down-of = { $design } está caído { $ours } minutos al año frente a { $theirs }
answer-failed = fallan { $ours } peticiones al año frente a { $theirs }
answer-failed-of = en { $design } fallan { $ours } peticiones al año frente a { $theirs }
answer-more-fail = fallan más peticiones al año que
answer-best = { $design } cumple más: { $most } de { $judged }.
answer-years = Con { $design } fallan { $ours } peticiones al año frente a { $theirs } con { $baseline }{ $change }
answer-years-short = { $design }, peticiones fallidas frente a { $baseline }
answer-times = { $n } veces más
answer-less-than-1 = menos del 1 %
answer-worse-but-less = peor en el { $worse } % de los años, pero por menos de lo que es mejor en el { $better } %
answer-better-but-less = mejor en el { $better } % de los años, pero por menos de lo que es peor en el { $worse } %
answer-worse-better = peor en el { $worse } % de los años, mejor en el { $better } %
answer-better-worse = mejor en el { $better } % de los años, peor en el { $worse } %

## Figuras
plot-reads = Lecturas: proporción de caídas que duran más que esto
plot-writes = Escrituras: proporción de caídas que duran más que esto
plot-recovery-title = { $design }: la mitad de las caídas acaba tras { $reads } para lecturas, { $writes } para escrituras
plot-recovery-title-plain = Tiempo hasta la recuperación, por diseño
plot-recovery-axis = tiempo desde el inicio de la caída (escala log.)
plot-recovery-cases = caídas
plot-recovery-endless = nunca
plot-recovery-empty = ninguna caída afectó a nadie
plot-recovery-empty-of = Ninguna caída afectó a
plot-recovery-nothing = todas acabaron al instante
plot-found-reads = las lecturas vuelven en { $bound } en el { $found } % de las caídas (pedido: { $asked })
plot-found-writes = las escrituras vuelven en { $bound } en el { $found } % de las caídas (pedido: { $asked })
plot-files = Archivos: proporción de cortes cuyo archivo más antiguo que falta supera esta edad
plot-rows = Filas: proporción de cortes cuya fila más antigua que falta supera esta edad
plot-loss-title = { $design }: en uno de cada veinte cortes el archivo más antiguo que falta supera { $age }
plot-loss-title-plain = Datos que faltan en el corte, por diseño
plot-loss-axis = edad de lo más antiguo que le falta a la región superviviente (escala log.)
plot-loss-cases = cortes que dejaron algo atrás
plot-loss-endless = sin cota
plot-loss-empty = ningún diseño pasa nunca a otra región
plot-loss-empty-of = Nunca pasan a otra región
plot-loss-nothing = no faltó nada en ningún corte
plot-found-files = el archivo más antiguo que falta tiene a lo sumo { $bound } en el { $found } % de los cortes (pedido: { $asked })
plot-found-rows = la fila más antigua que falta tiene a lo sumo { $bound } en el { $found } % de los cortes (pedido: { $asked })
plot-asked = pedido: { $sign } { $bound } { $share }
plot-asked-in = en el { $share }
plot-to = de { $low } a { $high }
plot-n = n = { $n } { $cases }
plot-n-two = n = { $above } (arriba) y { $below } (abajo) { $cases }
plot-per-design = Por diseño { $n }, de { $years } años simulados, semilla { $seed }.
plot-ends = Una curva acaba donde quedan 3.7 casos (95 %): más allá, la muestra no acota nada.
plot-shaded = Sombreado: prohibido por un compromiso.
plot-no-curve = Sin curva, pues { $why }: { $names }.
plot-waterfall-title = de los { $whole } hasta que vuelven las { $what }, { $seconds } son de «{ $part }»
plot-waterfall-title-plain = A dónde va el tiempo, por diseño
plot-waterfall-up-to = Tiempo medio hasta la recuperación, hasta { $longest }
plot-waterfall-coarser = Atención a la escala: { $times } veces más gruesa que arriba
plot-waterfall-empty = ninguna caída de una sola región afectó a nadie
plot-waterfall-also = además { $parts }
plot-waterfall-note = Medias solo sobre caídas de una región, n = { $n } caídas x poblaciones por barra; { $years } años simulados, semilla { $seed }. Las partes suman el total.
story-queue = cola en { $n } x { $mbps } Mbps
story-checks = comprueba cada { $seconds } s x { $n }

## Frases de la simulación
phrase-DNS-answers-cached-at-the-edge = respuestas DNS en caché en el borde
phrase-DNS-answers-cached-by-resolvers = respuestas DNS en caché en los resolutores
phrase-accelerator-reroute = redirección del acelerador
phrase-detection = detección
phrase-decision-to-promote = decisión de promover
phrase-database-promotion = promoción de la base de datos
phrase-reconnecting-to-the-new-writer = reconexión al nuevo escritor
phrase-open-connections = conexiones abiertas
phrase-capacity-of-the-survivor = capacidad de la región superviviente
phrase-waiting-for-the-repair = espera de la reparación
phrase-S3-copy-delay--with-RTC- = retraso de copia de S3 (con RTC)
phrase-S3-copy-delay--without-RTC- = retraso de copia de S3 (sin RTC)
phrase-no-copy-elsewhere = sin copia en otra región
phrase-lost = perdido
phrase-unavailable = no disponible
phrase-wait-for-the-replica = esperan a la réplica
phrase-go-on = continúan
phrase-time-until-the-damage-is-noticed = tiempo hasta que se nota el daño
phrase-replica-lag-at-the-cut = retraso de la réplica en el corte
phrase-no-single-input = ninguna entrada por sí sola
phrase-no-health-check = sin comprobación de estado
phrase-promotes-by-itself = promoción automática
phrase-a-person-promotes = promueve una persona
phrase-region = región
phrase-zone = zona
phrase-service = servicio
phrase-link = enlace
phrase-front-door = puerta de entrada
phrase-network = red
phrase-control-plane = plano de control
phrase-deployment = despliegue
phrase-corruption = corrupción
phrase-certificate = certificado
phrase-false-alarm = falsa alarma
phrase-healthy = sana
phrase-unhealthy = caída
phrase-everything = todo
phrase-global-control-plane = plano de control global
phrase-the-canary-noticed = el canario lo notó
phrase-the-accelerator-cannot-be-changed = el acelerador no se puede cambiar
phrase-records-cannot-be-changed = los registros no se pueden cambiar
phrase-cannot-grow--control-plane-down = no puede crecer: plano de control caído
phrase-no-region-to-promote--or-its-control-plane-is-down = no hay región que promover, o su plano de control está caído
phrase-cacheable-read = lectura cacheable
phrase-dynamic-read = lectura dinámica
phrase-write = escritura
phrase-upload = subida

## Latencia

latency-name = Cuánto tardan las peticiones
latency-table = Escrituras en tiempos normales, y una vez perdida la región que servía a esa población y movidos tráfico y escritor
latency-lost-head = { $percentile }, región perdida
latency-normal = normal
latency-lost = región perdida
leg-resolver = consulta de nombre
leg-connection = conexión
leg-client = del cliente a la entrada
leg-region = de la entrada a la región
leg-transfer = envío del archivo
leg-function = función y base de datos
leg-cold_start = arranque en frío
leg-forwarding = hasta el escritor en otra región
leg-consistency = espera de la copia
latency-table-operation = { $operation } de { $population }
plot-latency-cacheable-read = Lecturas de caché de { $population }
plot-latency-dynamic-read = Otras lecturas de { $population }
plot-latency-write = Escrituras de { $population }
plot-latency-alike = { $name } (+{ $n } iguales)
plot-latency-title-plain = Cuánto tardan las peticiones, por diseño
plot-latency-title-abroad = { $design }: la mitad de las escrituras de { $population } tarda { $median } o más, { $trip } por el viaje hasta el escritor en otra región
plot-latency-title-writes = { $design }: la mitad de las escrituras de { $population } tarda { $median } o más
plot-latency-title-reads = { $design }: la mitad de las lecturas de { $population } tarda { $median } o más
plot-latency-note = Barra: la media, tramo a tramo; de las lecturas de caché, el { $hits } lo contesta un borde, donde lo hay, y no tiene más tramos. Debajo: mediana (cuadrado), percentiles 95 y 99. Región perdida: la que servía a esa población, ya movidos tráfico y escritor. Sin colas; n = { $n } peticiones por barra, semilla { $seed }. Las subidas dependen del enlace del cliente: metrics.csv.

## Diseños frente a frente
compare-heading = { $title }: A = { $a } frente a B = { $b }, en los mismos { $years } años simulados (semilla { $seed })
compare-differs = DIFIEREN{"  "}
compare-differs-not = en nada
compare-none = nada
compare-yes = sí
compare-no = no
compare-what = comparado
compare-better = mejor:
compare-tie = igual
compare-mean = media:
compare-interval = (intervalo)
compare-pairing = por pares
compare-saves = ahorra
compare-pairs = CADA AÑO Y CADA CAÍDA, POR PARES
compare-pairs-note = mejor: parte de los años, o de las caídas que interrumpieron a uno de los dos, en que A, ninguno o B lo hizo mejor (menos es mejor); con 0 para el diseño que la caída no interrumpe. Archivos y filas que faltan: caídas en que ambos conmutaron. por pares ahorra: tantas veces más años harían falta sin el mismo azar para ambos (medido).
compare-percentiles = PERCENTILES, CAÍDA A CAÍDA
compare-percentiles-note = diferencia de percentiles: cuánto más tarde acaban con A que con B las caídas más largas, cada una en su orden. percentil de diferencias: lo que A añade en una misma caída (menos de 0: A acaba antes), en su orden. Son cosas distintas.
compare-difference-of-percentiles = diferencia de percentiles
compare-percentile-of-differences = percentil de diferencias
compare-others = { $design } FRENTE A CADA DISEÑO
compare-against = B
compare-sooner = antes de vuelta:
compare-down = caído al año, A - B
compare-front = FRENTE DE PARETO
duel-recovery-time-seconds-all-year = peor recuperación del año
duel-downtime-minutes-all-year = caído al año
duel-failed-requests-all-year = peticiones fallidas al año
duel-items-left-behind-objects-year = archivos perdidos al año
duel-items-left-behind-database-year = filas perdidas al año
duel-loss-all-year = pérdida al año
duel-recovery-time-seconds-overall-outage = todo de vuelta
duel-recovery-time-seconds-read-outage = lecturas de vuelta
duel-recovery-time-seconds-write-outage = escrituras de vuelta
duel-data-loss-window-seconds-objects-outage = archivo más antiguo que falta
duel-data-loss-window-seconds-database-outage = fila más antigua que falta
duel-name = El duelo
duel-title = { $a } vuelve antes que { $b } en el { $share } % de las caídas, más tarde en el { $worse } %
duel-title-plain = { $a } frente a { $b }, con el mismo azar
duel-less = {"; caído "}{ $down } menos al año
duel-more = {"; caído "}{ $down } más al año
duel-caption = Barras: parte de los años, o de las caídas que interrumpieron al menos a uno de los dos, en que { $a } (izquierda) o { $b } (derecha) lo hizo mejor; gris: igual. Derecha: media de { $a } menos { $b }, con su intervalo del { $level } % por pares. Ambos pasaron por los mismos { $years } años, semilla { $seed }.
duel-table = { $a } frente a cada diseño, caída a caída y año a año
duel-sooner = Antes de vuelta
duel-tie = Igual
duel-later = Más tarde
duel-difference = Caído al año, diferencia
duel-variance = Los pares ahorran, veces
duel-wins = { $name } mejor
front-name = El frente de Pareto
front-title = { $dominated ->
    [0] Ningún diseño está dominado por otro
    [one] { $first } está dominado por { $by }: en nada mejor y en algo peor
   *[other] { $dominated } de { $designs } diseños están dominados por otro: { $first } por { $by }, entre ellos
}
front-cost = Coste al año
front-down = Caído al año
front-files = Archivos perdidos al año
front-rows = Filas perdidas al año
front-latency = Lectura P95
front-dominated = Dominado por
front-on = ninguno: en el frente
front-behind = { $by }: menos { $better }
front-behind-perhaps = quizá { $by }: menos { $better }
front-caption = Cada diseño según lo que cuesta y lo que está caído en un año. Relleno: en el frente; hueco: dominado, otro no es peor en nada y es mejor en algo. La línea une los diseños más baratos con menos caída. { $years } años simulados, semilla { $seed }.
front-note = Dominado: otro diseño no es peor en nada y es mejor en algo, de coste, caída, archivos y filas que quedan atrás en las conmutaciones, y P95 de las lecturas dinámicas; "?": una diferencia cae dentro de su intervalo. Coste: nube y personal; dentro del 1 % cuenta como igual. Donde los datos vuelven con su región nada queda atrás; la espera cuenta como caída.
front-axis-cost = coste al año, { $currency }
front-axis-down = minutos de caída al año
## Availability

sla-name = Disponibilidad
sla-title = { $design }: { $operation } están caídas { $simulated } minutos al año donde la aritmética dice { $arithmetic }: { $one } con una región caída, { $both } con las dos
sla-title-alone = { $design }: { $operation } están caídas { $simulated } minutos al año
sla-title-plain = Disponibilidad prometida, diseñada y simulada
sla-table = Disponibilidad de { $operation }
sla-dynamic_read = las lecturas
sla-write = las escrituras
sla-upload = las subidas
sla-promised = Prometida por el proveedor
sla-designed = Diseñada
sla-simulated = Simulada
sla-beyond = Minutos al año más de lo diseñado
sla-budget-table = El presupuesto de error: se prometió { $target } de cada mes, lo que deja { $minutes } minutos
sla-months = Meses que lo agotan
sla-years = Años con un mes así
sla-front = Minutos caída al año, sin fallo de región
sla-one = falla una región
sla-both = fallan las dos
sla-tail = El peor de cada 100 años, minutos
sla-credits = Se devuelve al año
sla-formula = Prometida, escrituras de { $design }: { $formula }. Un compromiso es lo que se reembolsa por debajo, no una medición, y nada dice de tiempos de recuperación ni de datos perdidos.
sla-note = Prometida: los compromisos mensuales del proveedor en serie, en paralelo las regiones que funcionan. Diseñada: la misma aritmética con las caídas de este escenario ({ $causes }) de cada región y entrada. Ambas suponen regiones independientes y un cambio instantáneo; lo simulado contiene lo que eso omite. Minutos según lo que falla: la peor operación, ponderada por usuarios. Se devuelve: créditos de servicio en { $currency }, por mes y servicio, si se reclaman todos a tiempo; no rebajan las pérdidas de este informe.

## Data and law

law-name = Datos y normas
law-title = { $design }: { $n ->
    [0] ningún dato reposa en un continente distinto del de sus titulares
    [one] hay datos en un continente distinto del de sus titulares en un lugar
   *[other] hay datos en un continente distinto del de sus titulares en { $n } lugares
}
law-lead = Esto informa a quien asesora en derecho. Se deduce del escenario, no juzga nada y no dice qué normas se aplican.
law-places = De quién son los datos y dónde reposan
law-whose = Datos de
law-store = Almacén
law-store-database = filas
law-store-objects = archivos
law-region = Región
law-holds = Contiene
law-holds-original = el original
law-holds-copy = una copia
law-holds-snapshots = instantáneas
law-abroad = Continente
law-leaves = otro
law-stays = el suyo
law-unknown = no se sabe
law-declared = Base declarada para la transferencia
law-basis-not_declared = ninguna declarada
law-basis-standard_contractual_clauses = cláusulas contractuales tipo
law-basis-adequacy_decision = decisión de adecuación
law-basis-binding_corporate_rules = normas corporativas vinculantes
law-basis-none_needed = se declara que no hace falta
law-plan = Plan de contingencia para datos de salud, 45 CFR 164.308(a)(7)(ii): de qué habla este escenario
law-item = Punto
law-item-data_backup_plan = plan de copias de datos
law-item-disaster_recovery_plan = plan de recuperación ante desastres
law-item-emergency_mode_operation_plan = plan de operación en emergencia
law-item-testing_and_revision = pruebas y revisión
law-item-criticality_analysis = análisis de criticidad de aplicaciones y datos
law-rule = En la norma
law-required = exigido
law-addressable = a considerar
law-covered = Aquí
law-covered-simulated = simulado: tiempos, pérdidas y servicio mientras dura
law-covered-assumed = un dato de entrada: cada cuánto hay simulacros
law-covered-not_covered = no se trata
law-erase = Cuánto puede quedar lo borrado
law-held = Queda en
law-held-restore_points = puntos de restauración
law-held-snapshots = instantáneas en la otra región
law-held-copies = copias: los borrados solo se transmiten donde una regla lo dice, los de versiones nunca
law-at-most = Como mucho
law-no-bound = del escenario no se deduce un límite
law-may = Puede decirse, con la lista de supuestos al lado: en { $years } años simulados de este escenario, { $design } mantuvo { $claims }.
law-may-not = No puede decirse de { $design }: { $claims }. Lo que vale para un almacén o un tipo de caída no vale para todos los datos ni todas las caídas.
law-note = La base de una transferencia es la que declara el escenario (compliance.transfer_basis), no una conclusión. No se mira el acceso desde fuera, de soporte u operadores; de quién: por población, en el continente de su ciudad. Una simulación no acredita un simulacro: guarde registros fechados de simulacros, restauraciones y tiempos medidos.

## Money

money-name = Dinero
money-title = { $design } cuesta { $more } { $unit } más al año y evita { $avoided }: compensa por encima de { $price } { $unit } por hora de caída
money-title-never = { $design } cuesta { $more } { $unit } más al año y evita { $avoided }: ningún precio de la hora hace que compense, pues no está menos tiempo caído
money-title-bill = La factura de { $design } es de { $amount } { $unit } al año
money-table = { $unit } al año; el precio de la hora en { $unit }
money-bill = Factura de nube
money-more = por encima de la referencia
money-people = Personal por encima de la referencia
money-loss = Pérdida esperada
money-any = Años con pérdida
money-10 = El peor de cada 10 años pierde
money-100 = El peor de cada 100 años pierde
money-avoided = Pérdida evitada
money-pays = Compensa por encima de, por hora
money-never = nunca
money-note = Facturas a precio de lista sin impuestos, esperadas (caso base); cada línea con su fuente: costs.csv. Pérdida: horas caída x precio de la hora, más lo que se pierde aparte y las penalizaciones; cuentan los años sin caídas. Evitada: por debajo de la pérdida de la referencia en el mismo año simulado. "-": no estimado, o muy pocos años para decirlo.
invoice-none = Factura sin conciliar: no se dio ninguna factura real (money.invoice_check).
invoice-agrees = La factura modelada de { $design } es el { $ratio } % de la factura de { $month } ({ $usd } USD): entre el 80 y el 125 %.
invoice-off = AVISO: la factura modelada de { $design } es el { $ratio } % de la factura de { $month } ({ $usd } USD), fuera del 80 al 125 %: toda cifra de dinero está en duda.
invoice-services = Modelado sobre facturado, por servicio: { $list }.
invoice-not-modelled = En la factura y no en el modelo: { $list }.
invoice-not-on-it = En el modelo y no en la factura: { $list }.
invoice-mark-none = Factura sin conciliar
invoice-mark-off = AVISO: modelado el { $ratio } % de la factura
not-priced = Lo que { $design } pierde al año sin precio (money.lost_item): { $list }.
not-priced-transaction = { $n } filas
not-priced-file = { $n } archivos destruidos
not-priced-unavailable-file = { $n } archivos sin copia hasta que vuelva su región
not-priced-store = { $n } almacenes perdidos enteros
worth-name = ¿Merece la pena?
exceedance-name = Años malos
plot-worth-title = { $design } compensa por encima de { $price } { $unit } por hora de caída
plot-worth-title-plain = Beneficio neto según el precio de una hora de caída
plot-worth-tip = a { $price } { $unit } por hora, neto en { $unit } al año
plot-exceedance-tip = más de { $amount } { $unit }, parte de los años
plot-worth-axis = precio de una hora de caída, { $unit }; hacia arriba: beneficio neto al año, { $unit }
plot-worth-given = sombreado: el rango que se dio
plot-worth-note = Beneficio neto: pérdida evitada menos lo que el diseño cuesta de más, ambos al año; una recta en el precio de la hora, de las medias de { $years } años simulados, semilla { $seed }. A trazos: el punto de equilibrio del diseño propuesto. Por encima de cero compensa económicamente.
plot-exceedance-title = { $design } pierde algo en el { $share } % de los años
plot-exceedance-title-plain = Con qué frecuencia un año pierde más de tanto
plot-exceedance-axis = pérdida de un año, { $unit } (escala logarítmica); hacia arriba: años que pierden más

## La terminal: run
text-answer = RESPUESTA
text-worse = Peor
text-size = { $designs ->
    [one] 1 diseño, { $years } años simulados{ $stop }, { $outages } caídas de región
   *[other] { $designs } diseños, { $years } años simulados{ $stop }, { $outages } caídas de región
}
text-size-short = { $designs ->
    [one] 1 diseño, { $years } años{ $stop }, { $outages } caídas
   *[other] { $designs } diseños, { $years } años{ $stop }, { $outages } caídas
}
text-no-claims = el escenario no contiene compromisos
text-heading-claims = Compromisos
text-heading-designs = Diseños
text-heading-trust = Cuánto fiarse
text-more-claims = { $n } compromisos más: --format table
text-more-designs = { $n } diseños más: --format table
text-claims = COMPROMISOS
text-claims-of = COMPROMISOS de { $design }
text-design = DISEÑO
text-claim = COMPROMISO
text-bound = COTA
text-asked = pedido
text-found = hallado
text-sim = ±sim
text-range = rango
text-verdict = veredicto
text-decided-by = lo decide
text-holds = cumple
text-fails = FALLA
text-undecided = sin decidir
text-depends = depende
text-not-refuted = no refutado
text-no-cases = sin casos
text-not-estimated = sin estimar
text-per-incident = caídas que lo afectaron
text-per-year = años
text-per-client = clientes
text-per-instant = instantes
text-found-of = hallado: proporción de { $per }, n = { $n }
text-found-of-these = { $names }: de { $per }, n = { $n }
text-sim-is = ±sim: intervalo del { $level } %, con los mundos fijos
text-range-is = rango: de P10 a P90 sobre { $worlds } mundos
text-range-is-or-none = rango: de P10 a P90 sobre { $worlds } mundos (-: sin diferencia más allá del ruido, o pocos casos)
text-closest = { $claim }, fallo por menor margen: { $words } (año simulado { $year })
text-designs = DISEÑOS
text-reads = lect.
text-writes = escr.
text-back = vuelve
text-oldest-file = archivo / viejo
text-outages = caídas
text-a-year = al año
text-minutes-down = minutos / caído/a
text-failed = fallan / pet./a
text-claims-kept = comp. / cumpl.
text-bill = nube
text-people = pers.
text-loss = pérd.
text-money-a-year = { $unit }/a
text-note-the-baseline = la referencia
text-note-proposed = *: propuesto
text-note-worse = !: fallan más peticiones al año que con { $baseline }
text-note-open = +n?: no refutado
text-note-few = -: muy pocos casos para decirlo
text-returns = regresa
text-note-returns = regresa: los datos vuelven con su región
text-note-money = nube, pers., pérd.: { $mark }
text-note-unpriced = nube: sin las líneas para las que no se halló precio
text-note-back = vuelve: todas las caídas de todas las poblaciones (cada una: metrics.csv)
text-note-interval = a..b: intervalo del { $level } %
text-note-oldest = archivo viejo: en riesgo, P95 de los cortes que dejaron alguno
text-note-down = caído: por debajo del nivel de servicio
text-note-populations = otras { $n } poblaciones: --format csv
text-time = A DÓNDE VA EL TIEMPO, { $design }, media solo de caídas de una región; partes desde el 3 %
text-waited = (el { $share } % esperó a la base de datos)
text-capacity = CAPACIDAD
text-new-functions = funciones nuevas/s
text-requests-a-second = peticiones/s
text-units-beforehand = unidades de la base de datos de antemano
text-capacity-need = { $needed } { $resource } ({ $within }tiene { $limit }) para el { $share } % de las caídas
text-capacity-needs = la región más cargada necesita { $list }
text-capacity-together = suficiente de todo a la vez en el { $share } % de las caídas: { $list }{ $cost }; límites hallados así en la mitad de las caídas bastan en el { $held } % ± { $half } de las otras
text-capacity-together-cost = {" "}(las unidades: { $cost } { $unit } al año)
text-capacity-short = en el { $share } % de sus caídas lo primero que le falta a una región: { $resource }
text-sla = SLA
text-sla-says = el { $target } % se incumple en el { $share } % de los meses; { $operation } caen { $simulated } min al año, la aritmética dice { $arithmetic }.
text-sla-alone = el { $target } % se incumple en el { $share } % de los meses; { $operation } caen { $simulated } min al año.
text-trust = BASE
text-inputs = el rango cubre { $ranges } de { $inputs } entradas; { $kinds }{ $names }.
text-basis-measured = { $n ->
    [one] 1 medida
   *[other] { $n } medidas
}
text-basis-contract = { $n } de contrato
text-basis-documented = { $n ->
    [one] 1 documentada
   *[other] { $n } documentadas
}
text-basis-reported = { $n ->
    [one] 1 comunicada
   *[other] { $n } comunicadas
}
text-basis-estimated = { $n ->
    [one] 1 estimada
   *[other] { $n } estimadas
}
text-basis-unverified = { $n } sin verificar
text-all-causes = Todas las causas de caída están activadas.
text-causes = Causas activadas: { $on }; otras { $off } están desactivadas (outages.causes).
text-warning = Aviso: { $words }
text-warnings-more = {" "}(+{ $n } más: drsim validate)
text-warnings = { $n ->
    [one] 1 aviso: drsim validate
   *[other] { $n } avisos: drsim validate
}
text-warnings-rest = { $n ->
    [one] 1 aviso más: drsim validate
   *[other] { $n } avisos más: drsim validate
}
text-again = Para repetirlo:
phrase-as-asked = los pedidos
phrase-every-claim-decided = todo compromiso decidido
phrase-precision-reached = precisión alcanzada
phrase-the-most-years-without--n = el máximo de años sin -n
phrase-the-most-seconds-without--n = el máximo de segundos sin -n
phrase-interrupted = interrumpido
phrase-requests-per-second = peticiones por segundo
phrase-database-units = unidades de base de datos
phrase-connections = conexiones
phrase-burst = ráfaga
phrase-us-east-1-as-the-secondary-shares-a-region-with-the-control-planes-of-DNS--CDN-and-identity = us-east-1 como secundaria comparte región con los planos de control de DNS, CDN e identidad

## La terminal: sweep
sweep-heading = { $title }: { $fields }; { $years } años simulados en cada uno, semilla { $seed }
sweep-field = { $field } ({ $n } valores)
sweep-from-to = de { $low } a { $high }
sweep-what = { $claim } { $bound } (pedido: { $share })
sweep-found-share = hallado %
sweep-interval = intervalo del { $level } %
sweep-map = { $design }, { $what }: { $x } a la derecha, { $y } hacia arriba
sweep-map-share = { $design }, { $what }, hallado %: { $x } a la derecha, { $y } hacia arriba
sweep-legend-found = hallado: proporción de casos que respetan la cota; intervalos del { $level } %, con los mundos fijos, a lo sumo ± { $widest } puntos
sweep-legend-scaled = .*: el valor es la mediana, el resto de la distribución en proporción
sweep-legend-chance = todos los ajustes pasaron por el mismo azar

## La terminal: sensitivity
hangs-heading = { $title }: { $design }; { $years } años simulados en cada extremo de cada rango, semilla { $seed }
hangs-on = { $what } depende sobre todo de { $input }: { $low } % en su P10, { $high } % en su P90
hangs-on-nothing = { $what } se respeta en el { $base } % de los casos y no depende del rango de ninguna entrada
hangs-input = entrada
hangs-range = rango
hangs-at-p10 = en P10
hangs-at-p90 = en P90
hangs-difference = diferencia
hangs-points = puntos
hangs-owner = responsable
hangs-basis = base
basis-word-measured = medido
basis-word-contract = contrato
basis-word-documented = documentado
basis-word-reported = comunicado
basis-word-estimated = estimado
basis-word-unverified = sin verificar
hangs-legend = diferencia: lo hallado en P90 menos lo hallado en P10, todo lo demás en su caso base y con el mismo azar; ±sim: intervalo del { $level } % de la diferencia; otros { $n } valores del escenario no tienen rango y no se miran
sobol-heading = { $title }: { $design }, { $what }; todos los rangos a la vez, 2 x { $rows } filas, { $years } años simulados en cada una, semilla { $seed }
sobol-first = primer orden %
sobol-total = total %
sobol-knowing = saberlo
sobol-narrows = estrecha ≥
sobol-worth = vale
sobol-worth-unit = { $currency } al año
sobol-nothing = hallado de media: { $mean } %; sobre los rangos no varía más que el ruido de la simulación: ninguna entrada decide (o más filas o años lo dirían).
sobol-legend = hallado de media: { $mean } %, desviación típica sobre lo que no se sabe { $deviation } puntos; se resta el ruido propio de la simulación, { $noise } puntos por fila. primer orden: parte de esa varianza que desaparecería si se supiera la entrada; total: la que quedaría si se supieran todas las demás; intervalos del { $level } % por remuestreo de filas; «-»: el intervalo llega a 0.
sobol-worth-is = vale: cuánto subiría de media el beneficio neto anual de decidir a favor o en contra del diseño propuesto si antes se supiera la entrada (intervalo); 0: ningún valor suyo cambiaría la decisión.
sobol-next = MEDIR PRIMERO
sobol-next-one = { $input } ({ $owner }): de ±{ $from } a ±{ $to } puntos o menos
sobol-next-none = El valor de ninguna entrada por sí sola estrecharía el veredicto más allá del ruido de estas filas.
sobol-owner = responsable { $owner }
sobol-no-owner = sin responsable
knowing-one = { $input } ({ $owner }), { $value } { $currency } al año
knowing-worth = Económicamente: { $design } tiene un beneficio neto sobre { $base } de { $net } ({ $low } .. { $high }) { $currency } al año y compensa en el { $share } % de { $n } mundos; antes de decidir vale la pena saber { $list }.
knowing-never = Económicamente no vale la pena medir nada antes: { $design } tiene un beneficio neto sobre { $base } de { $net } ({ $low } .. { $high }) { $currency } al año y no compensa en ninguno de { $n } mundos, así que ningún valor de una entrada cambiaría la decisión.
knowing-always = Económicamente no vale la pena medir nada antes: { $design } tiene un beneficio neto sobre { $base } de { $net } ({ $low } .. { $high }) { $currency } al año y compensa en cada uno de { $n } mundos, así que ningún valor de una entrada cambiaría la decisión.
knowing-nothing = Económicamente no vale la pena medir ninguna entrada por sí sola, más allá del ruido de { $n } mundos: { $design } tiene un beneficio neto sobre { $base } de { $net } ({ $low } .. { $high }) { $currency } al año y compensa en el { $share } % de ellos.

## La terminal: optimize
best-found = { $title }: el ajuste más barato de { $design } que cumple todos los compromisos cuesta { $cost } al año: { $set }.
best-cheaper-open = { $n ->
    [one] Un ajuste más barato queda sin decidir.
   *[other] { $n } ajustes más baratos quedan sin decidir.
}
best-open = { $title }: no se halló ningún ajuste de { $design } que cumpla todos los compromisos, y { $n } quedan sin decidir: más años (-n) lo dirían.
best-none = { $title }: ningún ajuste de { $design } cumple todos los compromisos: los { $n } quedan refutados.
best-binds = Lo que limita es `{ $claim }`.
best-cost = coste al año
best-ruling = fallo
best-claim = comprom.
best-years = años
best-accepted = aceptado
best-refuted = refutado
best-undecided = sin decidir
best-not-looked-at = sin mirar
best-legend = coste: nube y personal, esperado; refutado, con el compromiso y la proporción hallada, en cuanto uno falla; un ajuste que no cumple todos los compromisos se acepta con probabilidad a lo sumo { $alpha } en total; los compromisos de «siempre» solo pueden quedar no refutados; semilla { $seed }
best-invalid = { $n } combinaciones no son un escenario válido ({ $why })
best-left-out = { $n } combinaciones se simulan igual que otra o quedan fuera de la rejilla gruesa

## Figuras de qué pasaría si
plot-asked-share = pedido: { $share }
plot-tornado-note = Proporción de casos que respetan la cota con una entrada en el P10 (azul) o el P90 (naranja) de su rango, todas las demás en su caso base (línea vertical). Números: diferencia en puntos. { $years } años simulados en cada extremo, todos con el mismo azar, semilla { $seed }.
plot-tornado-bar = { $input } | { $range } | en P10: { $low } % | en P90: { $high } %
plot-sweep-by = { $what } según { $field }
plot-sweep-met = se cumple tanto como se pide
plot-sweep-unbroken = no tiene contraejemplo
plot-sweep-every = { $design }: { $what } { $met } con todo { $field }
plot-sweep-no = { $design }: { $what } { $met } con ningún { $field }
plot-sweep-from = { $design }: { $what } { $met } desde { $field } = { $value }
plot-sweep-up-to = { $design }: { $what } { $met } hasta { $field } = { $value }
plot-sweep-note = Bandas: intervalos del { $level } %, con los mundos fijos. { $years } años simulados en cada valor; todos pasaron por el mismo azar, semilla { $seed }.
plot-sweep-note-share = Proporción de casos que respetan la cota. Bandas: intervalos del { $level } %, con los mundos fijos. { $years } años simulados en cada valor; todos pasaron por el mismo azar, semilla { $seed }.
plot-map-met = { $design }: { $what } se cumple tanto como se pide en { $k } de { $n } ajustes
plot-map-no-counterexample = { $design }: { $what } no tiene contraejemplo en { $k } de { $n } ajustes
plot-map-between = { $design }: { $what } de { $low } a { $high }
plot-map-upwards = { $field } (hacia arriba)
plot-map-asked = { $share } %: pedido
plot-map-unbroken = sin contraejemplo
plot-map-turns = el compromiso cambia
plot-map-open = el intervalo contiene lo pedido
plot-map-cell-share = { $x } { $xvalue } | { $y } { $yvalue } | hallado { $found } % ± { $half } de { $n } casos
plot-map-cell = { $x } { $xvalue } | { $y } { $yvalue } | { $found }
plot-map-note = { $years } años simulados en cada ajuste; todos pasaron por el mismo azar, semilla { $seed }.
plot-map-note-share = Proporción de casos que respetan la cota; intervalos del { $level } % a lo sumo ± { $widest } puntos, con los mundos fijos. { $years } años simulados en cada ajuste; todos pasaron por el mismo azar, semilla { $seed }.
plot-axis-scaled = { $field }: su mediana, el resto en proporción
plot-axis-log = { $field }, escala log.
phrase-no-cases = sin casos

## La terminal: check
gate-heading = { $design }: { $verdict } ({ $years } años simulados, semilla { $seed })
gate-open = todos los compromisos se cumplen
gate-undecided = sin decidir
gate-refuted = refutado
gate-bound = Cota
gate-claim = { $claim } { $bound }: pedido { $asked }, hallado { $found }
gate-per-incident = caída
gate-per-year = año
gate-per-client = cliente
gate-per-instant = instante
gate-found = { $share } ± { $half } % de { $n } (por { $per })
gate-found-range = { $share } ± { $half } % de { $n } (por { $per }), rango { $range }
since-then = desde entonces:
since-heading = Desde entonces:
since-run = ejecución
since-field = campo
since-claim = compromiso
since-metric = métrica
since-new = nuevo
since-more = { $n } más fuera de sus intervalos
since-because = solo cambió `{ $field }`: lo que cambió abajo se debe a ello
since-nothing = nada cambió en el escenario
since-run-only = nada cambió en el escenario, pero sí la ejecución
since-several = { $n ->
    [one] cambió un campo, y también la ejecución: nada se le atribuye
   *[other] cambiaron { $n } campos: nada se atribuye a uno solo
}
since-metrics = { $beyond } métricas fuera de sus intervalos, { $within } dentro

## La terminal: replay
story-quiet = año simulado { $year }: no falló nada
story-year = { $design }, año simulado { $year }
replay-outage = { $name } { $region }: { $title }
replay-struck = { $scope } en { $region }, duró { $lasted }; repetido como si golpeara a { $place }, { $draws } veces a su hora de la semana
replay-source = fuente: { $source }
replay-reads = vuelven lecturas
replay-writes = vuelven escrituras
replay-failed = fallan
replay-loses = pierde
replay-requests = petic.
replay-chance = prob.
replay-back-is = vuelven: desde el inicio hasta que todos tienen servicio otra vez, en las repeticiones interrumpidas; -: ninguna lo fue
replay-none = sin caídas
replay-head-outage = Caída
replay-head-region = Región
replay-head-what = Qué falló
replay-within = de vuelta en { $within }
replay-within-of = de vuelta en { $within }, de { $n }
replay-median = tiempo mediano hasta que todos vuelven
replay-dash-is = -: al menos la mitad de las repeticiones no fueron interrumpidas
phrase-the-verdict-reaches-the-answers = el veredicto llega a las respuestas

## La línea de tiempo
timeline-axis = tiempo desde el inicio (escala log.)
timeline-fails = falla { $subject }
timeline-down = caído: { $subject }
timeline-caption = Naranja: lo que falla; debajo, en el color del diseño: quién está por debajo del nivel mínimo de servicio, y cuánto; en medio, los pasos de la recuperación. { $more ->
    [0] {""}
    [one] Otra caída de ese año interrumpió a alguien.
   *[other] Otras { $more } caídas de ese año interrumpieron a alguien.
} Año simulado { $year }, semilla { $seed }.
timeline-title = { $design } en el año simulado { $year }: caído { $down }
step-verdict = veredicto: { $subject }
step-published = { $subject } en las respuestas
step-pointed = se apunta a { $subject }
step-evacuated = se vacía { $subject }
step-writer-lost = se pierde el escritor
step-writer-missed = el canario lo nota
step-decided = decidido promover
step-promoted = promovido: { $subject }
step-reconnected = las funciones lo hallan
step-blocked = bloqueado: { $subject }
step-scaled-out = { $subject } ha crecido
step-rebuilt = { $subject } reconstruida
step-fails-back = el escritor vuelve a { $subject }
step-failed-back = { $subject } escribe de nuevo
step-rows-lost = filas perdidas
step-files-at-risk = archivos en riesgo
step-destroyed = { $subject } destruida
step-unfenced = { $subject } sin aislar
phrase-database = base de datos
phrase-objects = archivos
phrase-global = global
phrase-finished-by-hand = acabado a mano
phrase-stuck--nobody-writes = atascado, nadie escribe
phrase-drill = simulacro

## Qué decide, y el mapa
sensitivity-name = Qué entradas deciden
inputs-table = Lo que se mueve del P10 al P90 del rango de una entrada, en puntos, todo lo demás en su caso base. Allí: { $claims }.
inputs-worth = Vale saberlo, { $currency } al año (intervalo)
inputs-note = Filas: entradas que mueven un compromiso más allá del ruido de las ejecuciones, o que vale la pena saber; { $n } valores sin rango no se movieron. Vale saberlo: cuánto subiría de media el beneficio neto anual de decidir a favor o en contra del diseño propuesto si antes se supiera la entrada; 0: ningún valor suyo cambiaría la decisión. drsim sensitivity --detail varía todos los rangos a la vez.
hangs-basis-head = Base
map-name = Qué pasaría si
map-table = { $what }: { $x } a la derecha, { $y } hacia arriba
break-none = no falla ningún compromiso
break-claim = { $claim } { $bound } (pedido: { $asked }), menor contraejemplo de { $design }: { $words } (año simulado { $year })
burst-is = { $n } archivos de { $size } en un segundo por este enlace: { $seconds }
break-never = { $claim } { $bound } (pedido: { $asked }): ningún contraejemplo de { $design } en { $n } casos
break-burst = bastan { $burst }

## La terminal: cost
cost-heading = { $title }: la factura de { $n } diseños, precios recogidos el { $date }
cost-note = USD al mes, precios de lista sin impuestos ni descuentos, esperado (caso base): las líneas se redondean al céntimo y suman. P10 y P90 sobre los mundos no suman. `-`: no se usa nada de ello.
cost-bill = FACTURA
cost-total = total
cost-above = sobre la referencia
cost-as-a-share = en proporción
cost-people = personal y simulacros
cost-worth = ¿MERECE LA PENA?
cost-head-more = cuesta / más
cost-head-loss = pérdida / esperada
cost-head-range = P10 .. P90 / de mundos
cost-head-avoided = evitada
cost-head-years = años con / pérdida
cost-head-10 = 1 de 10 / pierde
cost-head-100 = 1 de 100 / pierde
cost-head-pays = compensa / desde
cost-of-both = nube y personal
cost-of-cloud = solo la nube
cost-worth-note = Cuesta más: { $what }, por encima de la referencia. Evitada: por debajo de la pérdida de la referencia, las mismas caídas año por año. Compensa desde: el precio de una hora de caída desde el que lo evitado supera lo que cuesta; la pérdida es una recta en ese precio. { $years } años simulados; no se descuentan los créditos del SLA; multas y clientes perdidos no se estiman.
cost-tail = ~: pocos años forman esta media.
cost-of-kind = { $kind } ({ $share } % de la factura)
cost-kinds = { $design }: sus líneas, según de dónde viene el precio: { $kinds }.
cost-line = { $service } { $item } en { $region }
cost-largest = Sus líneas mayores: { $list }.
cost-missing = No se halló precio para { $list }: la factura es demasiado baja.
cost-left = Sin estimar ({ $n }): { $list }.
cost-lines = Cada línea con cantidad, precio, fuente y fecha: run --out DIR, costs.csv.
plot-exceedance-note = Parte de { $years } años simulados que pierden más que una cantidad, semilla { $seed }; una curva acaba donde quedan 3.7 años.

## Lo que nadie avala

doubts-counts = Entradas y precios según cómo se conocen: { $list }.
doubts-of-basis = { $basis } { $inputs } y { $prices }{ $stale ->
    [0] {""}
   *[other] { " " }({ $stale } anticuados)
}
doubts-basis-measured = medidos
doubts-basis-contract = por contrato
doubts-basis-documented = documentados
doubts-basis-reported = comunicados
doubts-basis-estimated = estimados
doubts-basis-unverified = sin verificar
doubts-lead = { $inputs } entradas y { $prices } precios de las facturas de { $design } y { $base } están sin verificar o anticuados (de más de { $months } meses cuando se recogieron los precios, o sin fecha). Cada uno se probó por separado, todo lo demás en su caso base y con el mismo azar en { $years } años: en ambos extremos de su rango; si no lo tiene, a la mitad y al doble (de una proporción, su razón de probabilidades); un precio, al 80 y al 125 %. { $named ->
    [0] Ninguno cambia el veredicto de un compromiso ni mueve una cifra principal un 10 %, más allá del azar.
    [one] Uno cambia el veredicto de un compromiso o mueve una cifra principal un 10 %, más allá del azar:
   *[other] { $named } cambian el veredicto de un compromiso o mueven una cifra principal un 10 %, más allá del azar:
}
doubts-not-tried = Sin probar, pues no mueven nada que se simule o se facture: { $list }.
doubts-heading = SIN VERIFICAR O ANTICUADO
doubts-price = precio { $path }
doubts-unverified = sin verificar
doubts-stale = de { $date }
doubts-undated = sin fecha
doubts-why = Por qué
doubts-tried = Probado
doubts-halved = mitad .. doble
doubts-moves = Mueve
doubts-money = { $headline }, { $unit }/año
doubts-turns = { $headline }: cambia
doubts-base = Caso base
doubts-low = Valor bajo
doubts-high = Valor alto
headline-cloud_bill = factura de nube
headline-dr_premium = sobrecoste de nube
headline-dr_premium_with_people = sobrecoste con personal
headline-loss = pérdida esperada
headline-loss_avoided = pérdida evitada

## La página que se firma

memo-title = { $title }: decisión sobre recuperación ante desastres
memo-asked = **Decisión que se solicita:** construir `{ $design }` en lugar de `{ $base }`.
memo-sum = De { $first } a { $last } se espera un gasto de { $total } { $currency }, { $more } más que con `{ $base }`.
memo-recommendation = **Recomendación: { $advice }.** `{ $design }` { $claims }; { $money }.
memo-approve = aprobar
memo-approve-not = no aprobar tal como está; cambiar el diseño o los compromisos
memo-approve-otherwise = aprobar solo por razones no económicas
memo-breaks = incumple { $claims }
memo-breaks-none = no incumple ningún compromiso
memo-pays-unknown = no se ha estimado si compensa
memo-budget-heads = ejercicio | pago único | nube | personal, simulacros | esperado | contingencia | nube de la referencia
memo-budget-all = total
memo-budget-note = { $currency } sin impuestos; contingencia = P90 - esperado del total conjunto de un ejercicio, que no se suma entre ejercicios.
memo-benefit = **Beneficio anual:** cuesta { $more }{ $morerange } { $unit }; evita una pérdida esperada de { $avoided }{ $avoidedrange } { $unit }; el peor de cada 100 años pasa de { $from } a { $to } { $unit }. { $pays }; valor dado: { $given }{ $givenrange } { $unit }. Entre paréntesis: P10 .. P90.
memo-pays-above = Compensa a partir de { $price } { $unit } por hora de caída
memo-more = { $n } más: report.html
memo-unpriced = Se pierde al año, sin precio: { $list }.
memo-reconciled = La factura modelada es el { $ratio } % de la de { $month }.
memo-claims = Compromisos que no se dan por cumplidos
memo-claims-hold = **Se cumplen todos los compromisos.**
memo-claim = `{ $claim }` { $bound } ({ $asked }): { $verdict }, hallado { $found }{ $decided }
memo-alternatives = Alternativas y por qué no
memo-as-it-is = `{ $design }`, lo que hay: sin más coste, pierde { $loss } { $unit } al año (el peor de cada 100: { $tail })
memo-alternative = `{ $design }`: { $more } { $unit } al año, evita { $avoided }, cumple { $kept }: { $why }
memo-why-worse = fallan más peticiones que con lo que hay
memo-why-claims = cumple menos compromisos
memo-why-dearer = { $amount } { $unit } más caro
memo-why-cheaper = { $amount } { $unit } más barato, pero{" "}
memo-why-down = { $own } min de caída al año frente a { $proposed }
memo-why-none = no es peor en compromisos, coste ni caída: conviene preguntar por qué no se propone
memo-no-owner = sin responsable
memo-none-stands-out = ninguno destaca
memo-inputs = **Entradas de las que depende el dinero:** { $list }.
memo-doubts = Sin verificar o anticuadas que mueven una cifra principal un 10 %: { $list }{ $more ->
    [0] {""}
   *[other] {" "}y { $more } más
}.
memo-left-out = **No incluido:** { $list }; impuestos, créditos de SLA, { $penalties ->
    [0] {""}
   *[other] penalizaciones,{" "}
}sanciones, pérdida de clientes.
memo-foot = Válido hasta { $until }; escenario { $digest }, { $years } años simulados, semilla { $seed }.
memo-signatures = Arquitectura: ____________________   Finanzas: ____________________   Fecha: __________
story-most-of-what-is-added = { $what }: { $share } % de lo que se añade
phrase-requests = peticiones
phrase-rules-and-requests = reglas y peticiones
phrase-between-zones-of-a-region = entre zonas de una región
phrase-interface-endpoints-of-the-private-API = puntos de enlace de la API privada
phrase-functions-that-watch-and-promote = funciones que vigilan y promueven
phrase-support-plan = plan de soporte
phrase-build--spread-over-the-budget-s-years = construcción
phrase-upkeep = mantenimiento
phrase-on-call = guardias
phrase-exit--spread-over-the-budget-s-years = salida
phrase-drills = simulacros
phrase-Firewall = Cortafuegos
phrase-Transfer = Transferencia
phrase-Recovery = Recuperación
phrase-People = Personal
phrase-Contract = Contrato

## Lo que se movió

moved-heading = LO QUE SE MOVIÓ en la factura de { $design } (antes: { $against }): { $n } de { $all } líneas, USD al mes, esperado
moved-plain = el escenario sin --set ni --prices
moved-line = LÍNEA
moved-before = antes
moved-now = ahora
moved-change = cambio
moved-because = porque
moved-new = nueva
moved-gone = ya no está
moved-quantity-times = cantidad x { $times }
moved-quantity-from-none = cantidad 0 -> { $now } { $unit }
moved-price-times = precio x { $times }
moved-price = precio { $before } -> { $now }
moved-costs_more = cuesta más
moved-expected_loss = pérdida esperada
moved-loss_avoided = pérdida evitada
moved-pays_above_an_hour = compensa desde, por hora
